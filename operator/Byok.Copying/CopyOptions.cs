using System.Globalization;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>One shard of one copy run.</summary>
public sealed record CopyOptions
{
    public const int DefaultConcurrency = 64;

    /// <summary>A Job has one pod per shard, and the retirement merges as many manifests at once.</summary>
    public const int MaxShards = 256;

    /// <summary>A worker's connections and buffers are bounded by this.</summary>
    public const int MaxConcurrency = 1024;

    public required StoreRef Source { get; init; }

    /// <summary>Ends in a slash: <c>acme/</c> must never reach into <c>acme2/</c>. Kept in the target's keys. Empty:
    /// the whole of a container, or with <see cref="IsWhole"/> of a bucket.</summary>
    public required string Prefix { get; init; }

    /// <summary>The source is a dedicated store, which holds nobody else's: all of it is meant.</summary>
    public bool IsWhole { get; init; }

    public required StoreRef Target { get; init; }

    public required KeyRef Key { get; init; }

    public bool BucketKey { get; init; }

    /// <summary>Names the run's evidence: what it proves, never when it ran.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The bulk run that a delta run starts from; null for the bulk run.</summary>
    public string? PreviousFingerprint { get; init; }

    public int Shard { get; init; }

    public int Shards { get; init; } = 1;

    public VerificationMode Verification { get; init; }

    /// <summary>Which try of this copy; what an earlier one ended for is not held against this one.</summary>
    public int Attempt { get; init; } = 1;

    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>
    /// Token of the hold on a shared place that this brings a store's data back to; null for every other copy. Then
    /// marks and receipt stand in the source, which is the tenant's own,
    /// and nothing that another may have written is taken away from the target.
    /// </summary>
    public string? Return { get; init; }

    /// <summary>What marks are written under, where that is not <see cref="Key"/>: the tenant's key,
    /// of a return.</summary>
    public KeyRef? MarksKey { get; init; }

    /// <summary>The target, as it is written to: somebody else may write beside what is brought back.</summary>
    public StoreRef To => Return is null ? Target : HeldPlace.Of(Target);

    /// <summary>Where marks, manifests and the receipt stand.</summary>
    public StoreRef Marks => Return is null ? Target : Source;

    public KeyRef KeyOfMarks => MarksKey ?? Key;

    public string ReceiptName => Return is { } hold ? MarkNames.ReturnReceipt(hold) : MarkNames.Receipt;

    /// <summary>Only a delta run, behind the fence, may take things away from the target.</summary>
    public bool IsDelta => PreviousFingerprint is not null;

    /// <summary>What is wrong with the order, in words that say the mend; null when nothing is.</summary>
    public string? Fault() =>
        !new SharedRef(Source, Prefix) { IsOwn = IsWhole }.IsSound
            ? $"--prefix '{Prefix}' must end in a slash; only a container of Azure's is taken whole, and a bucket with "
                + "--whole"
        : IsWhole && (Prefix.Length > 0 || Return is not null) ? "--whole goes with no --prefix, and with no --return"
        : Prefix.StartsWith(MarkNames.Root, StringComparison.Ordinal)
            ? $"--prefix must not be '{MarkNames.Root}', which is reserved"
        : ShardFault((Shard, Shards), Concurrency, Attempt, Fingerprint) is { } fault ? fault
        : PreviousFingerprint is { } previous
            && !MarkNames.IsFingerprint(previous) ? "--previous must be 1 to 128 letters, digits or dashes"
        : Fingerprint == PreviousFingerprint ? "--previous must name another run"
        : Source == Target ? "--source and --target must be two stores"
        : Source.Cloud != Target.Cloud ? "--source and --target must be in the same cloud"
        : Key.Cloud != Target.Cloud ? "--key must be in the cloud of --target"
        : string.IsNullOrEmpty(Key.Id) ? "--key must be the full id of the tenant's key"
        : Return is { } hold && !MarkNames.IsFingerprint(hold) ? "--return must be 1 to 128 letters, digits or dashes"
        : Return is not null != MarksKey is not null
            || MarksKey is { Id.Length: 0 }
                or { IsStoreManaged: true } ? "--marks-key must be the tenant's key, and goes with --return"
        : Key.IsStoreManaged && Return is null ? $"--key {Key.Id} is for a return alone"
        : null;

    /// <summary>Of what every worker of a shard is given; null when nothing is wrong.</summary>
    public static string? ShardFault((int Own, int All) shard, int concurrency, int attempt, string fingerprint) =>
        shard.All is < 1 or > MaxShards ? $"--shards must be 1 to {MaxShards}"
        : shard.Own < 0 || shard.Own >= shard.All ? $"--shard must be 0 to {shard.All - 1}"
        : concurrency is < 1 or > MaxConcurrency ? $"--concurrency must be 1 to {MaxConcurrency}"
        : attempt < 1 ? "--attempt must be at least 1"
        : !MarkNames.IsFingerprint(fingerprint) ? "--run must be 1 to 128 letters, digits or dashes"
        : null;

    /// <summary>The arguments that <see cref="CopyCommand"/> parses back into this,
    /// the shard left to the Job's index.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        List<string> arguments =
        [
            CopyCommand.Verb,
            "--source", PlaceText.Of(Source),
            .. Prefix.Length == 0 ? (string[])[] : [$"--prefix={Prefix}"], // one word: it may begin like an option
            "--target", PlaceText.Of(Target),
            "--key", PlaceText.Of(Key),
            "--run", Fingerprint,
            "--shards", Shards.ToString(CultureInfo.InvariantCulture),
            "--attempt", Attempt.ToString(CultureInfo.InvariantCulture),
            "--verification", Verification.ToString(),
            "--concurrency", Concurrency.ToString(CultureInfo.InvariantCulture),
        ];
        if (PreviousFingerprint is { } previous)
        {
            arguments.AddRange(["--previous", previous]);
        }

        if (Return is { } hold)
        {
            arguments.AddRange(["--return", hold, "--marks-key", PlaceText.Of(KeyOfMarks)]);
        }

        if (BucketKey)
        {
            arguments.Add("--bucket-key");
        }

        if (IsWhole)
        {
            arguments.Add("--whole");
        }

        return arguments;
    }
}

/// <summary>How much a copy must prove before it counts.</summary>
public enum VerificationMode
{
    /// <summary>The stored checksums are equal where both sides keep a comparable one;
    /// else the hashes of both contents are.</summary>
    Checksum,

    /// <summary>Size and key. Sizes come from the closing listing, so that no request per object is spent.</summary>
    Metadata,
}
