namespace Cloud.Objects;

/// <summary>A small object's content and the ETag to write it back with.</summary>
public sealed record Mark(ReadOnlyMemory<byte> Content, string ETag)
{
    /// <summary>Every mark's name begins so. In a prepared store nobody but the operator writes or deletes under it.</summary>
    public const string Root = ".byok/";
}
