using System.Text.Json;

namespace Kube.Core.Json;

/// <summary>Lists and maps as they are read: one that is not there is empty, and none holds a null,
/// which no code looks for.</summary>
public static class Entries
{
    internal const string HasNull = "an entry is null";

    /// <exception cref="JsonException">An entry is null: the whole object can't be read.</exception>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T>? read)
        where T : class
    {
        for (var index = 0; index < (read?.Count ?? 0); index++)
        {
            if (read![index] is null)
            {
                throw new JsonException(HasNull);
            }
        }

        return read ?? [];
    }

    /// <exception cref="JsonException">A value is null: the whole object can't be read.</exception>
    public static IReadOnlyDictionary<string, T>? Of<T>(IReadOnlyDictionary<string, T>? read)
        where T : class
    {
        foreach (var value in read?.Values ?? [])
        {
            if (value is null)
            {
                throw new JsonException(HasNull);
            }
        }

        return read;
    }
}
