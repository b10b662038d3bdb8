namespace ByokOperator.Records;

/// <summary>How far a pinned key that the default is not on has got, on its way in or out. On record,
/// one word after the other.</summary>
internal static class PinStages
{
    /// <summary>On its way in: named, and nothing can stand under it yet.</summary>
    public const string Pinned = "Pinned";

    /// <summary>On its way in: writes may name it.</summary>
    public const string Admitted = "Admitted";

    /// <summary>On its way out: writes may name it still.</summary>
    public const string Leaving = "Leaving";

    /// <summary>Objects may stand under it, and nothing new comes under it.</summary>
    public const string Refused = "Refused";

    /// <summary>Objects stand under it in the bucket that the store left, and nowhere else.</summary>
    public const string Moved = "Moved";

    public static bool IsStage(string stage) => stage is Pinned or Admitted or Leaving or Refused or Moved;

    /// <summary>The store's policy lets writes name it.</summary>
    public static bool IsAdmitted(string stage) => stage is Admitted or Leaving;

    public static bool IsIncoming(string stage) => stage is Pinned or Admitted;
}
