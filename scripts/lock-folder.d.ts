/** Waits for the lock; dispose to give it back. `onWait` is called once, when somebody else has it. */
export declare function lockFolder(folder: string, onWait: () => void): Promise<AsyncDisposable>
