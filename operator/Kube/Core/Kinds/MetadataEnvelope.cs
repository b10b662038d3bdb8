namespace Kube.Core.Kinds;

/// <summary>The part that every object has.</summary>
internal sealed record MetadataEnvelope
{
    public ObjectMeta? Metadata { get; init; }
}
