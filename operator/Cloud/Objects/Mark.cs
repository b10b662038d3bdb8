namespace Cloud.Objects;

/// <summary>A small object's content and the ETag to write it back with.</summary>
public sealed record Mark(ReadOnlyMemory<byte> Content, string ETag);
