/**
 * Fills `folder`, which is there and empty, with what `make` leaves in a folder; `name` is the same for all that share it.
 * Outside a run of Vitest (see run-folder.ts) and on Windows `make` runs each time.
 */
export declare function fillOnce(
  folder: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<void>
