using System.Globalization;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>Where our own small objects stand in the target.
/// Nothing of the tenant's is ever under <see cref="Root"/>.</summary>
public static class MarkNames
{
    public const string Root = Mark.Root;

    public const string Receipt = Root + "receipt.json";

    /// <summary>Of a return, in the store that it leaves; a return that is begun anew has another hold.</summary>
    public static string ReturnReceipt(string hold) => $"{Root}return-{hold}/receipt.json";

    private const int FingerprintLength = 128;

    public static string Progress(string fingerprint, int shard) => $"{Folder(fingerprint, shard)}progress.json";

    public static string Done(string fingerprint, int shard) => $"{Folder(fingerprint, shard)}done.json";

    public static string Chunk(string fingerprint, int shard, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{Chunks(fingerprint, shard)}{sequence:D8}.jsonl.gz");

    /// <summary>The prefix that every chunk of a shard shares, and nothing else.</summary>
    public static string Chunks(string fingerprint, int shard) => $"{Folder(fingerprint, shard)}chunk-";

    public static bool IsFingerprint(string text) =>
        text.Length is > 0 and <= FingerprintLength
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    private static string Folder(string fingerprint, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{Root}{fingerprint}/shard-{shard:D4}/");
}
