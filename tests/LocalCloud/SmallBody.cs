using Microsoft.AspNetCore.Http;

namespace LocalCloud;

/// <summary>A body that is read whole.</summary>
internal static class SmallBody
{
    /// <summary>KMS's largest request is a 32 KiB policy, ARM's a template of 4 MB,
    /// and nobody here sends templates.</summary>
    private const int MostBytes = 1 << 20;

    public static async Task<byte[]> ReadAsync(HttpContext http, Func<Exception> tooLarge)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MostBytes)
            {
                throw tooLarge();
            }
        }

        return buffer.ToArray();
    }
}
