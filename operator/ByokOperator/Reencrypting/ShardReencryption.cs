using System.Text.Json.Serialization;
using Byok.Copying;

namespace ByokOperator.Reencrypting;

/// <summary>
/// Where a shard of a run is, beside the data: its checkpoint, and at the end its last word. A shard is finished once
/// one pass over all of its versions met none under an old key.
/// </summary>
internal sealed record ShardReencryption
{
    public int Shard { get; init; }

    public int Shards { get; init; }

    public ReencryptionEngine Engine { get; init; }

    /// <summary>From 1.</summary>
    public int Pass { get; init; } = 1;

    /// <summary>Every version of it and of all keys before it was dealt with in this pass;
    /// null at its beginning.</summary>
    public string? LastKey { get; init; }

    /// <summary>Versions that stood under an old key in this pass, up to <see cref="LastKey"/> at least.</summary>
    public long Met { get; init; }

    /// <summary>Versions that were looked at in this pass, up to <see cref="LastKey"/> at least.</summary>
    public long Looked { get; init; }

    public long LookedBytes { get; init; }

    /// <summary>Versions that were put under the new key, in all passes.</summary>
    public long Reencrypted { get; init; }

    public long ReencryptedBytes { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When anything was looked at last; that a worker lives, or was started again, is no progress.</summary>
    public DateTimeOffset AdvancedAt { get; init; }

    /// <summary>When a pass ended that met nothing under an old key.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What this attempt can't do; it goes on with everything else of its pass.</summary>
    public CopyRefusal? Refusal { get; init; }

    /// <summary>The attempt ended for what it was refused.</summary>
    public bool HasEnded { get; init; }

    public ShardReencryption NextPass() =>
        this with { Pass = Pass + 1, LastKey = null, Met = 0, Looked = 0, LookedBytes = 0 };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ShardReencryption))]
internal sealed partial class ReencryptionJson : JsonSerializerContext;
