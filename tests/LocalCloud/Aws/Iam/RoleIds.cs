using System.Security.Cryptography;
using System.Text;

namespace LocalCloud.Aws.Iam;

internal static class RoleIds
{
    /// <summary>The unique id behind a role's name: stable for an ARN, shaped like IAM's.</summary>
    public static string Of(string arn) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(arn)))[..17];
}
