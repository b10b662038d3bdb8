namespace Simulation.Real.Clouds;

/// <summary>One version of one object.</summary>
/// <param name="Id">Which content it is; negative: a delete marker.</param>
/// <param name="VersionId">Null in a bucket that keeps none.</param>
/// <param name="Material">Of the key that it stands under; zero for the platform's own.</param>
internal sealed record Entry(string Key, int Id, string? VersionId, string KeyId, int Material, DateTimeOffset At)
{
    public bool IsMarker => Id < 0;

    public string ETag => IsMarker ? "" : $"e{Id}";

    /// <summary>A small object of the operator's own.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }
}
