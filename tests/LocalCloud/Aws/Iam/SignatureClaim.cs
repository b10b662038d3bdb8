using Microsoft.AspNetCore.Http;

namespace LocalCloud.Aws.Iam;

/// <summary>What a request says about its own signature: who, for which day, region and service,
/// over which headers.</summary>
internal sealed record SignatureClaim(
    string AccessKey, string Date, string Region, string Service, string SignedHeaders, string Signature, bool InQuery)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <returns>null for an anonymous request or a scheme we don't read.</returns>
    public static SignatureClaim? Read(HttpRequest request, RawQuery query)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Algorithm, StringComparison.Ordinal))
        {
            return FromParts(Field(header, "Credential="), Field(header, "SignedHeaders="), Field(header, "Signature="),
                false);
        }

        return query["X-Amz-Algorithm"] == Algorithm
            ? FromParts(query["X-Amz-Credential"] ?? "", query["X-Amz-SignedHeaders"] ?? "", query["X-Amz-Signature"]
                ?? "", true)
            : null;
    }

    public string Scope => $"{Date}/{Region}/{Service}/aws4_request";

    private static SignatureClaim? FromParts(string credential, string signedHeaders, string signature, bool inQuery)
    {
        var scope = credential.Split('/');
        return scope.Length == 5
            ? new SignatureClaim(scope[0], scope[1], scope[2], scope[3], signedHeaders, signature, inQuery) : null;
    }

    private static string Field(string header, string name)
    {
        var start = header.IndexOf(name, StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        start += name.Length;
        var end = header.AsSpan(start).IndexOfAny(',', ' ');
        return end < 0 ? header[start..] : header.Substring(start, end);
    }
}
