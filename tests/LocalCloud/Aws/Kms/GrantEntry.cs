using System.Text.Json;

namespace LocalCloud.Aws.Kms;

internal static class GrantEntry
{
    public static void Write(Utf8JsonWriter answer, KmsKey key, KmsGrant grant)
    {
        answer.WriteStartObject();
        answer.WriteString("KeyId", key.Arn);
        answer.WriteString("GrantId", grant.Id);
        if (grant.Name is not null)
        {
            answer.WriteString("Name", grant.Name);
        }

        answer.WriteNumber("CreationDate", grant.Created.ToUnixTimeSeconds());
        answer.WriteString("GranteePrincipal", grant.Grantee);
        if (grant.Retiring is not null)
        {
            answer.WriteString("RetiringPrincipal", grant.Retiring);
        }

        answer.WriteString("IssuingAccount", $"arn:{key.Name.Partition}:iam::{grant.IssuingAccount}:root");
        answer.WriteStartArray("Operations");
        foreach (var operation in grant.Operations)
        {
            answer.WriteStringValue(operation);
        }

        answer.WriteEndArray();
        answer.WriteStartObject("Constraints");
        WritePairs(answer, "EncryptionContextEquals", grant.ContextEquals);
        WritePairs(answer, "EncryptionContextSubset", grant.ContextSubset);
        answer.WriteEndObject();
        answer.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter answer, string name, IReadOnlyDictionary<string, string>? pairs)
    {
        if (pairs is null)
        {
            return;
        }

        answer.WriteStartObject(name);
        foreach (var pair in pairs)
        {
            answer.WriteString(pair.Key, pair.Value);
        }

        answer.WriteEndObject();
    }
}
