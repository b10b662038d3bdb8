using ByokOperator.Reconciling;

namespace ByokOperator.Keys;

/// <summary>What several parts of a key say together.</summary>
internal static class Foremost
{
    /// <summary>Of several regions one that can be acted on goes first:
    /// a stuck region must not hold another one's clock back.</summary>
    public static Finding Of<T>(IReadOnlyList<T> parts, Func<T, Finding> look)
    {
        Finding foremost = Finding.Holds.Now;
        foreach (var part in parts)
        {
            if (look(part) is var finding
                && (finding is Finding.Lacks || (foremost is Finding.Holds && finding != Finding.Holds.Now)))
            {
                foremost = finding;
            }

            if (foremost is Finding.Lacks)
            {
                break;
            }
        }

        return foremost;
    }
}
