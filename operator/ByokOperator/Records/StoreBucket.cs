using System.Text.Json.Serialization;
using ByokOperator.Api;
using Kube.Core.Json;

namespace ByokOperator.Records;

/// <summary>
/// The second of a store's buckets, while its data moves to the next one because of a change of key. Up to the switch
/// that is the next bucket; from there on the one that was left. Written ahead of anything that is made or deleted
/// there, and stands until it is gone.
/// </summary>
/// <param name="Number">Which of the store's buckets.</param>
/// <param name="KeyName">Of the object of the key that it is under, which is on the list of keys.</param>
/// <param name="KeyId">Of the key that the data is moved to, by full id: what the copies come under.</param>
internal sealed record StoreBucket(int Number, string KeyName, string KeyId)
{
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Digest of the receipt that readers are switched on; null before.</summary>
    public string? Receipt { get; init; }

    /// <summary>From then on the store is the next bucket, and this is the one that was left; null before. Said anew
    /// whenever the binding is led on: the overlap begins with the last word of it.</summary>
    public DateTimeOffset? ServedAt { get; init; }

    /// <summary>When nothing of the data was left in the old bucket; null before.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>As <see cref="StoreRecord.SetAside"/>, of this bucket's policy.</summary>
    public string? SetAside { get; init; }

    /// <summary>As <see cref="StoreRecord.NotPutBack"/>.</summary>
    public IReadOnlyList<string> NotPutBack { get; init => field = Entries.Of(value); } = [];

    /// <summary>It is the old one.</summary>
    [JsonIgnore]
    public bool IsLeft => ServedAt is not null;

    /// <summary>The bucket as a store of its own, for whoever looks at or acts on one.</summary>
    public EncryptedStore In(EncryptedStore store) => store with
    {
        Number = Number,
        Spec = store.Spec with { KeyRef = new KeyReference { Name = KeyName } },
    };
}
