/** A new temporary folder, as a server leaves it that was stopped. Whoever asks removes it. */
export declare function postgresData(prefix: string): Promise<string>
