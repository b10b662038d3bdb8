namespace Cloud.Objects;

/// <summary>A small object's content and the ETag to write it back with.</summary>
public sealed record Mark(ReadOnlyMemory<byte> Content, string ETag)
{
    /// <summary>Every mark's name begins so. In a prepared store nobody but
    /// the operator writes or deletes under it.</summary>
    public const string Root = ".byok/";

    /// <summary>Ours are kilobytes. Something larger under that name is not ours,
    /// and is not read into memory.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>In the place of an ETag: only where nothing is.</summary>
    public const string OnlyNew = "*none*";

    internal static CloudException TooLarge(string operation, string? requestId = null) =>
        new(new CloudProblem.Refused(CloudProblem.MarkTooLarge, $"a mark holds at most {MostBytes} bytes"), operation,
            requestId);
}
