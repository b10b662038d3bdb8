using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ByokOperator.Api;
using Cloud.Azure;

namespace ByokOperator.Commands;

/// <summary>Refuses variables that would start and then misbehave:
/// some reach a pod by a Secret that nobody looks at again.</summary>
internal static class CloudVariables
{
    private const string Role = "give a role ARN, such as arn:aws:iam::111122223333:role/byok-operator";
    private const string Address = "give an absolute http or https URL";
    private const string Id = "give a GUID";
    private const string Region = "give a region such as eu-west-1";

    /// <summary>What each must be; one that is empty counts as not set.</summary>
    private static readonly (string Name, Func<string, bool> IsSound, string Fix)[] Rules =
    [
        ("BYOK_AWS_OPERATOR_ROLE_ARN", AwsFlags.IsRoleArn, Role),
        ("BYOK_AWS_ASSUME_ROLE_ARN", AwsFlags.IsRoleArn, Role),
        ("BYOK_AWS_REQUIRE_TLS", text => text is "true" or "false", "give true or false"),
        ("AWS_REGION", IsRegion, Region),
        ("AWS_DEFAULT_REGION", IsRegion, Region),
        ("AWS_ENDPOINT_URL", IsAddress, Address),
        ("AWS_ENDPOINT_URL_KMS", IsAddress, Address),
        ("AWS_ENDPOINT_URL_S3", IsAddress, Address),
        ("AWS_ENDPOINT_URL_STS", IsAddress, Address),
        ("AZURE_TENANT_ID", IsId, Id),
        ("AZURE_CLIENT_ID", IsId, Id),
        ("AZURE_AUTHORITY_HOST", IsAddress, Address),
        ("BYOK_AZURE_APPLICATION_CLIENT_ID", IsId, Id),
        ("BYOK_AZURE_IDENTITY_OBJECT_ID", IsId, Id),
        ("BYOK_AZURE_IDENTITY_RESOURCE_ID", AzureFlags.IsIdentity, AzureFlags.IdentityMend),
        ("BYOK_AZURE_ENVIRONMENT", text => AzureEnvironment.Find(text) is not null,
            "give public, usgovernment or china"),
        ("BYOK_AZURE_ROLE_SETTLING", text => GoDuration.TryParse(text, out _), "give a duration such as 10m"),
    ];

    private const string Authority = "BYOK_AZURE_CA_PEM";

    /// <summary>Empty when all are sound.</summary>
    public static IReadOnlyList<string> Violations(Func<string, string?> read)
    {
        List<string> wrong = [];
        foreach (var (name, isSound, mend) in Rules)
        {
            if (read(name) is { Length: > 0 } text && !isSound(text))
            {
                wrong.Add($"{name} is '{text}': {mend}");
            }
        }

        if (read(Authority) is { Length: > 0 } pem && !IsPem(pem))
        {
            wrong.Add($"{Authority} holds no certificate: give one or more in PEM");
        }

        return wrong;
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https");

    private static bool IsId(string text) => Guid.TryParseExact(text, "D", out _);

    private static bool IsRegion(string text) =>
        text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static bool IsPem(string text)
    {
        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPem(text);
            return found.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
