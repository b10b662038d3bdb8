using System.Globalization;
using Byok.Copying;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Reencrypting;

/// <summary>One shard of one run that puts what stands in a store under its new key.</summary>
internal sealed record ReencryptionOptions
{
    public required StoreRef Store { get; init; }

    /// <summary>What everything is to stand under.</summary>
    public required KeyRef Key { get; init; }

    /// <summary>Full ids. What stands under any other key is left as it is.</summary>
    public required IReadOnlyList<string> OldKeys { get; init; }

    public ReencryptionEngine Engine { get; init; }

    public bool BucketKey { get; init; }

    /// <summary>Names the run's evidence: what it proves, never when it ran.</summary>
    public required string Fingerprint { get; init; }

    public int Shard { get; init; }

    public int Shards { get; init; } = 1;

    /// <summary>Which try of this run; what an earlier one ended for is not held against this one.</summary>
    public int Attempt { get; init; } = 1;

    public int Concurrency { get; init; } = CopyOptions.DefaultConcurrency;

    /// <summary>What is wrong with the order, in words that say the mend; null when nothing is.</summary>
    public string? Fault() =>
        CopyOptions.ShardFault((Shard, Shards), Concurrency, Attempt, Fingerprint) is { } fault ? fault
        : Engine == ReencryptionEngine.Move ? "--engine must be Update or Copy; a move is made by copy"
        : Key.Cloud != Store.Cloud ? "--key must be in the cloud of --store"
        : string.IsNullOrEmpty(Key.Id) ? "--key must be the full id of the new key"
        : OldKeys.Count == 0
            || OldKeys.Any(string.IsNullOrEmpty) ? "--old-key must be the full id of a key that objects stand under"
        : OldKeys.Contains(Key.Id) ? "--old-key must not be the new key"
        : null;

    /// <summary>The arguments that <see cref="ReencryptCommand"/> parses back into this,
    /// the shard left to the Job's index.</summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        ReencryptCommand.Verb,
        "--store", PlaceText.Of(Store),
        "--key", PlaceText.Of(Key),
        .. OldKeys.SelectMany(key => (string[])["--old-key", key]),
        "--engine", Engine.ToString(),
        "--run", Fingerprint,
        "--shards", Shards.ToString(CultureInfo.InvariantCulture),
        "--attempt", Attempt.ToString(CultureInfo.InvariantCulture),
        "--concurrency", Concurrency.ToString(CultureInfo.InvariantCulture),
        .. BucketKey ? (string[])["--bucket-key"] : [],
    ];
}

/// <summary>What the worker uses of a cloud.</summary>
internal sealed record ReencryptionPorts(IObjectData Objects, IObjectEncryption Encryption);
