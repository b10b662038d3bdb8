namespace ByokOperator.Keys;

/// <summary>What the tenant handed over, as far as a look may know it: never the material.</summary>
internal abstract record Upload
{
    private Upload()
    {
    }

    /// <summary>Which writing of the Secret this is; empty where none stands.</summary>
    public string Version { get; init; } = "";

    public sealed record Absent(string Message) : Upload;

    /// <summary>A stable code, and words that say the mend.</summary>
    public sealed record Refused(string Code, string Message) : Upload;

    /// <summary>It opens and is good. The fingerprint tells two materials apart
    /// and says nothing else of them.</summary>
    public sealed record Ready(string Fingerprint) : Upload;
}
