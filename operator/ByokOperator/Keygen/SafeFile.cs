namespace ByokOperator.Keygen;

/// <summary>Writes a file for its owner's eyes (0600), whole or not at all.</summary>
internal static class SafeFile
{
    public static void RefuseIfThere(string path, string mend)
    {
        if (Path.Exists(path))
        {
            throw new KeygenException($"{path} exists already: {mend}");
        }
    }

    public static void Write(string path, ReadOnlySpan<byte> content, bool mayReplace)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.part";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.WriteThrough,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, mayReplace);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
