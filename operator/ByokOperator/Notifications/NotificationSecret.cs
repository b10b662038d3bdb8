using System.Text;

namespace ByokOperator.Notifications;

/// <summary>
/// Where the signing secret is: a mounted file, read for every notice so that a rotated Secret counts at once, or the
/// environment. Never a process argument, which everybody on the node can read.
/// </summary>
/// <param name="file">From the command line; null: the environment says.</param>
/// <param name="environment">Reads a variable.</param>
internal sealed class NotificationSecret(string? file, Func<string, string?> environment)
{
    public const string Variable = "BYOK_NOTICE_SECRET";
    public const string FileVariable = "BYOK_NOTICE_SECRET_FILE";

    /// <summary>A shorter one could be guessed from a single notice.</summary>
    public const int LeastBytes = 16;

    /// <summary>What is wrong, with the mend; null when it can sign.</summary>
    public string? Fault()
    {
        try
        {
            return Read().Length >= LeastBytes
                ? null
                : $"--notice-sink needs a secret of {LeastBytes} bytes or more to sign with: give a mounted file by "
                    + $"--notice-secret-file or {FileVariable}, or set {Variable}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"the file of --notice-secret-file or {FileVariable} can't be read: mount the Secret there";
        }
    }

    /// <summary>Empty where none is given.</summary>
    public byte[] Read() => (file ?? environment(FileVariable)) is { Length: > 0 } path
        ? Trimmed(File.ReadAllBytes(path))
        : Encoding.UTF8.GetBytes(environment(Variable) ?? "");

    // What editors and echo put at the end of a file is no part of a secret.
    private static byte[] Trimmed(byte[] content) => content.AsSpan().TrimEnd("\r\n"u8).ToArray();
}
