/** A name as one writes it in a shell, so that a command that is printed can be copied. */

/** Quoted only where it must be; on Windows for cmd and PowerShell, where no file name holds a double quote. */
export function shellWord(name: string, platform: NodeJS.Platform = process.platform): string {
  const path = name.startsWith('-') ? `./${name}` : name
  if (platform === 'win32') return /^[\w.\\/:+-]+$/.test(path) ? path : `"${path}"`
  return /^[\w./@+:=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
