using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LocalCloud.Tests.Aws.S3;

/// <summary>Documents that the SDK refuses to write, signed by hand.</summary>
internal static class RawPut
{
    /// <summary>Status and body.</summary>
    /// <param name="query">A sub-resource without a value.</param>
    public static async Task<(int Status, string Answer)> SendAsync(
        CloudFixture cloud, HttpMethod method, string path, string query, string document)
    {
        var body = Encoding.UTF8.GetBytes(document);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        var stamp = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{stamp[..8]}/{CloudFixture.Region}/s3/aws4_request";
        var canonical =
            $"{method}\n{path}\n{query}=\nhost:{cloud.Server.Url.Authority}\nx-amz-content-sha256:{hash}\nx-amz-date:{stamp}\n\nhost;x-amz-content-sha256;x-amz-date\n{hash}";
        var text =
            $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signing = Encoding.UTF8.GetBytes("AWS4" + LocalCloudAccounts.OperatorSecret);
        foreach (var part in scope.Split('/'))
        {
            signing = HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(part));
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(text)));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method,
            new Uri(cloud.Server.Url, $"{path}?{query}")) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("x-amz-date", stamp);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", hash);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={LocalCloudAccounts.OperatorAccessKey}/{scope}, "
                + $"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}");
        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
