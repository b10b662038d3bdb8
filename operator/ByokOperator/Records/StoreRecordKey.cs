using System.Text.Json.Serialization;

namespace ByokOperator.Records;

/// <summary>A key besides the one that a store's default is on, that objects of it stand under or may soon.</summary>
/// <param name="Name">Of the key's object, in the store's namespace.</param>
/// <param name="Uid">Of that object; empty where nobody knew it.</param>
/// <param name="Pin">Which key it has to be.</param>
internal sealed record StoreRecordKey(string Name, string Uid, StoreRecordPin Pin)
{
    /// <summary>One of <see cref="PinStages"/>; what nothing is said of is only held on to.</summary>
    public string Stage { get; init => field = value ?? PinStages.Refused; } = PinStages.Refused;

    /// <summary>When it got to where it is, where that counts.</summary>
    public DateTimeOffset? Since { get; init; }

    [JsonIgnore]
    public bool IsAdmitted => PinStages.IsAdmitted(Stage);
}
