using System.Collections.Frozen;

namespace Cloud.Calling;

/// <summary>
/// What a cloud will go on refusing of one object until somebody changes that object, whatever status it answers with.
/// The one table of it: everything that is not here follows its code's kind.
/// </summary>
internal static class ObjectRefusals
{
    public const string Archived = "ObjectArchived";
    public const string OwnKey = "ObjectUnderItsWritersKey";
    public const string Locked = "ObjectLocked";
    public const string KeyStays = "ObjectKeyStays";
    public const string TooLarge = "ObjectTooLarge";

    private const string ArchivedMend = "it is archived: restore it to another storage class or tier, or delete it";
    private const string OwnKeyMend = "it is encrypted under a key that only its writer has: write it anew without one";
    private const string LockedMend =
        "it is under a retention or a legal hold: wait for its end, or have the hold taken away";
    private const string KeyStaysMend =
        "its encryption can't be changed where it stands: write it anew under the store's key, or delete it";
    private const string TooLargeMend = "it is larger than a copy can be: split it";

    private static readonly FrozenDictionary<string, Row[]> Rows = new Row[]
    {
        new("InvalidObjectState", null, Archived, ArchivedMend),
        new("InvalidRequest", "Server Side Encryption", OwnKey, OwnKeyMend),
        new("InvalidRequest", "encryption type DSSE-KMS or SSE-C. Only source", KeyStays, KeyStaysMend),
        new("InvalidRequest", "unencrypted source objects", KeyStays, KeyStaysMend),
        new("AccessDenied", "object lock", Locked, LockedMend),
        new("EntityTooLarge", null, TooLarge, TooLargeMend),
        new("BlobArchived", null, Archived, ArchivedMend),
        new("BlobBeingRehydrated", null, Archived, "it is being rehydrated, which takes hours: wait for it"),
        new("BlobUsesCustomerSpecifiedEncryption", null, OwnKey, OwnKeyMend),
        new("BlobImmutableDueToPolicy", null, Locked, LockedMend),
    }.GroupBy(row => row.Code, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>Null where the answer is none of these.</summary>
    public static CloudProblem.Refused? Find(string? code, string words) =>
        code is not null && Rows.TryGetValue(code, out var rows)
            && Array.Find(rows,
                row => row.Words is null || words.Contains(row.Words, StringComparison.OrdinalIgnoreCase)) is { } found
                ? new CloudProblem.Refused(found.Name, words.Length > 0 ? words : code) { Fix = found.Fix }
                : null;

    /// <summary>What a listing or a look tells before anything was tried.</summary>
    public static CloudProblem.Refused Seen(string code, string words) =>
        Find(code, words) ?? throw new ArgumentException($"{code} is in no row", nameof(code));

    /// <param name="Words">A code that says more than one thing is told apart by these.</param>
    private sealed record Row(string Code, string? Words, string Name, string Fix);
}
