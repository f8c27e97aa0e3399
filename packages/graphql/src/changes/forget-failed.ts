/** What is shared while it is made, and no longer when that failed: the next who asks tries again. */
export async function forgetFailed<T>(
  shared: Map<string, Promise<T>>,
  key: string,
  made: Promise<T>,
): Promise<T> {
  try {
    return await made
  } catch (error) {
    if (shared.get(key) === made) shared.delete(key)
    throw error
  }
}
