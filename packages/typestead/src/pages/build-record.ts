/** What built pages were made of, kept beside them as `build.json`. */
export const recordName = 'build.json'

export interface BuildRecord {
  readonly version: 1
  /** SHA-256 by path, of the files outside of the folder and of `node_modules`, such as packages of the same workspace. */
  readonly inputs: Record<string, string>
}
