using System.Text.Json.Nodes;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Aws.Stores;
using Cloud.Keys;

namespace Cloud.Tests.Aws.Policies;

/// <summary>What the policies that the operator writes, or asks tenants for,
/// let through and what they do not.</summary>
internal static class PolicyCases
{
    private const string Platform = "111111111111";
    private const string Tenant = "222222222222";
    private const string Operator = $"arn:aws:iam::{Platform}:role/byok-operator";
    private const string Data = $"arn:aws:iam::{Platform}:role/acme-data";
    private const string Another = $"arn:aws:iam::{Platform}:role/another";
    private const string Stranger = "arn:aws:iam::333333333333:role/stranger";
    private const string Key = $"arn:aws:kms:eu-west-1:{Tenant}:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string Imported = $"arn:aws:kms:eu-west-1:{Platform}:key/5678abcd-12ab-34cd-56ef-1234567890ab";
    private const string Bucket = "arn:aws:s3:::byok-acme";
    private const string Acme = "kms:EncryptionContext:byok.dev/tenant=acme";
    private const string ThroughS3 = "kms:ViaService=s3.eu-west-1.amazonaws.com";
    private const string Within = "kms:EncryptionContext:aws:s3:arn=arn:aws:s3:::";
    private const string Kms = "s3:x-amz-server-side-encryption=aws:kms";
    private const string Named = $"s3:x-amz-server-side-encryption-aws-kms-key-id={Key}";
    private const string OtherNamed = $"s3:x-amz-server-side-encryption-aws-kms-key-id={Imported}";
    private const string Rightly =
        $"kms:GranteePrincipal={Data};kms:RetiringPrincipal={Operator};kms:GrantOperations=Decrypt GenerateDataKey";

    public static IReadOnlyList<PolicyCase> All { get; } =
        [.. OfTenantsKeys(), .. OfImportedKeys(), .. OfStores(), .. OfClosedStores(), .. OfFences()];

    private static IEnumerable<PolicyCase> OfTenantsKeys()
    {
        var policy = KmsKeyArn.TryParse(Key, out var key, out var problem)
            ? KeyPolicyDocument.For(key, Operator,
                new KeyBinding("acme", ["byok-0123456789ab-*", "acme-own"], new(Data, null)))
            : throw new InvalidOperationException(problem);
        PolicyCase Case(string name, string caller, string action, string context, bool may) =>
            new($"a tenant's key: {name}", policy, caller, $"kms:{action}", Key, Tenant, context, may);

        yield return Case("the operator looks at it", Operator, "DescribeKey", "", true);
        yield return Case("the operator proves it for its tenant", Operator, "Decrypt", Acme, true);
        yield return Case("the operator makes a canary for its tenant", Operator, "GenerateDataKeyWithoutPlaintext",
            Acme, true);
        yield return Case("the operator proves it for another tenant", Operator, "Decrypt",
            "kms:EncryptionContext:byok.dev/tenant=beta", false);
        yield return Case("the operator proves it for nobody", Operator, "Decrypt", "", false);
        yield return Case("the operator says the tenant in another pair", Operator, "Decrypt",
            "kms:EncryptionContext:tenant=acme", false);
        yield return Case("the operator asks for a data key itself", Operator, "GenerateDataKey", Acme, false);
        yield return Case("the operator copies through S3", Operator, "Decrypt",
            $"{ThroughS3};{Within}byok-0123456789ab-fedcba987654-1/a", true);
        yield return Case("a workload reads through S3", Data, "Decrypt",
            $"{ThroughS3};{Within}byok-0123456789ab-fedcba987654-1/a", true);
        yield return Case("a workload writes through S3", Data, "GenerateDataKey",
            $"{ThroughS3};{Within}byok-0123456789ab-fedcba987654-1/a/b", true);
        yield return Case("a workload reads where objects share the bucket's key", Data, "Decrypt",
            $"{ThroughS3};{Within}byok-0123456789ab-fedcba987654-1", true);
        yield return Case("a workload reads in a bucket that the platform named", Data, "Decrypt",
            $"{ThroughS3};{Within}acme-own/a", true);
        yield return Case("a workload reads there where objects share the bucket's key", Data, "Decrypt",
            $"{ThroughS3};{Within}acme-own", true);
        yield return Case("a workload reads in a bucket whose name begins alike", Data, "Decrypt",
            $"{ThroughS3};{Within}acme-own-2/a", false);
        yield return Case("a workload reads in another tenant's bucket", Data, "Decrypt",
            $"{ThroughS3};{Within}byok-ba9876543210-fedcba987654-1/a", false);
        yield return Case("the operator writes into another tenant's bucket", Operator, "GenerateDataKey",
            $"{ThroughS3};{Within}byok-ba9876543210-fedcba987654-1/a", false);
        yield return Case("a workload reads through S3 and no bucket is named", Data, "Decrypt", ThroughS3, false);
        yield return Case("a workload names the bucket and comes by itself", Data, "Decrypt", $"{Within}acme-own/a",
            false);
        yield return Case("a workload decrypts by itself", Data, "Decrypt", "", false);
        yield return Case("a workload decrypts by itself and names the tenant", Data, "Decrypt", Acme, false);
        yield return Case("a workload reads through S3 of another region", Data, "Decrypt",
            $"kms:ViaService=s3.eu-central-1.amazonaws.com;{Within}acme-own/a", false);
        yield return Case("a workload comes through another service", Data, "Decrypt",
            $"kms:ViaService=ec2.eu-west-1.amazonaws.com;{Within}acme-own/a", false);
        yield return Case("another role of the platform reads through S3", Another, "Decrypt",
            $"{ThroughS3};{Within}acme-own/a", false);
        yield return Case("a stranger reads through S3", Stranger, "Decrypt", $"{ThroughS3};{Within}acme-own/a", false);
        yield return Case("the operator makes a grant", Operator, "CreateGrant", Rightly, false);
        yield return Case("the operator changes the policy", Operator, "PutKeyPolicy", "", false);
        yield return Case("the operator switches it off", Operator, "DisableKey", "", false);
        yield return Case("the tenant's own administrator switches it off", $"arn:aws:iam::{Tenant}:role/admin",
            "DisableKey", "", true);
    }

    private static IEnumerable<PolicyCase> OfImportedKeys()
    {
        var policy = ImportedKeyPolicy.For(AwsPartition.Commercial, Platform, "eu-west-1", Operator, Data);
        const string Strong = "kms:WrappingAlgorithm=RSAES_OAEP_SHA_256;kms:WrappingKeySpec=RSA_4096";
        PolicyCase Case(string name, string caller, string action, string context, bool may) =>
            new($"an imported key: {name}", policy, caller, $"kms:{action}", Imported, Platform, context, may);

        yield return Case("the operator asks how to wrap", Operator, "GetParametersForImport", Strong, true);
        yield return Case("the operator asks for SHA-1", Operator, "GetParametersForImport",
            Strong.Replace("_256", "_1", StringComparison.Ordinal), false);
        yield return Case("the operator asks for a short key", Operator, "GetParametersForImport",
            Strong.Replace("4096", "2048", StringComparison.Ordinal), false);
        yield return Case("the operator imports", Operator, "ImportKeyMaterial", "", true);
        yield return Case("the operator makes new material current", Operator, "RotateKeyOnDemand", "", true);
        yield return Case("an administrator makes new material current", Another, "RotateKeyOnDemand", "", false);
        yield return Case("the operator lists the materials", Operator, "ListKeyRotations", "", true);
        yield return Case("the operator changes an object's key through S3", Operator, "ReEncryptTo", ThroughS3, true);
        yield return Case("the operator re-encrypts by itself", Operator, "ReEncryptTo", "", false);
        yield return Case("a workload changes an object's key through S3", Data, "ReEncryptFrom", ThroughS3, false);
        yield return Case("an administrator imports", Another, "ImportKeyMaterial", "", false);
        yield return Case("an administrator deletes the material", Another, "DeleteImportedKeyMaterial", "", true);
        yield return Case("an administrator decrypts", Another, "Decrypt", ThroughS3, false);
        yield return Case("an administrator makes a grant", Another, "CreateGrant", Rightly, false);
        yield return Case("the operator lets the workloads in", Operator, "CreateGrant", Rightly, true);
        yield return Case("the operator lets another role in", Operator, "CreateGrant",
            Rightly.Replace(Data, Another, StringComparison.Ordinal), false);
        yield return Case("the operator lets grants be made", Operator, "CreateGrant", Rightly + " CreateGrant", false);
        yield return Case("the operator makes a grant for another to retire", Operator, "CreateGrant",
            Rightly.Replace(Operator, Another, StringComparison.Ordinal), false);
        yield return Case("the operator takes a grant", Operator, "RevokeGrant", "", true);
        yield return Case("a workload without a grant reads through S3", Data, "Decrypt", ThroughS3, false);
        yield return Case("a stranger switches it off", Stranger, "DisableKey", "", false);
    }

    private static IEnumerable<PolicyCase> OfStores()
    {
        var policy =
            Policy(StoreStatements.Standing(AwsPartition.Commercial, "byok-acme", [Key], tlsOnly: true, [Operator]));
        PolicyCase Case(string name, string caller, string action, string path, string context, bool may) =>
            new($"a store: {name}", policy, caller, $"s3:{action}", Bucket + path, Platform,
                $"aws:SecureTransport=true;{context}", may);

        yield return Case("a workload reads", Data, "GetObject", "/a", "", true);
        yield return Case("a workload lists", Data, "ListBucket", "", "", true);
        yield return Case("a workload writes and says nothing of encryption", Data, "PutObject", "/a", "", true);
        yield return Case("a workload writes under the tenant's key", Data, "PutObject", "/a", $"{Kms};{Named}", true);
        yield return Case("a workload writes under another key", Data, "PutObject", "/a", $"{Kms};{OtherNamed}", false);
        yield return Case("a workload writes under S3's own key", Data, "PutObject", "/a",
            "s3:x-amz-server-side-encryption=AES256", false);
        yield return Case("a workload writes under the account's key for S3", Data, "PutObject", "/a", Kms, false);
        yield return Case("a workload brings a key of its own", Data, "PutObject", "/a",
            "s3:x-amz-server-side-encryption-customer-algorithm=AES256", false);
        yield return Case("the operator writes under another key", Operator, "PutObject", "/a", $"{Kms};{OtherNamed}",
            false);
        yield return Case("a workload puts an object under another key where it stands", Data, "UpdateObjectEncryption",
            "/a", "", false);
        yield return Case("the operator puts an object under another key where it stands", Operator,
            "UpdateObjectEncryption", "/a", "", true);
        yield return Case("a workload writes a mark", Data, "PutObject", "/.byok/pin.json", "", false);
        yield return Case("a workload deletes a mark", Data, "DeleteObject", "/.byok/pin.json", "", false);
        yield return Case("a workload deletes a mark's version", Data, "DeleteObjectVersion", "/.byok/pin.json", "",
            false);
        yield return Case("a workload tags a mark", Data, "PutObjectTagging", "/.byok/pin.json", "", false);
        yield return Case("the operator writes a mark", Operator, "PutObject", "/.byok/pin.json", "", true);
        yield return Case("a workload reads a mark", Data, "GetObject", "/.byok/pin.json", "", true);
        yield return Case("a stranger reads", Stranger, "GetObject", "/a", "", false);
        yield return new("a store: a workload reads without TLS", policy, Data, "s3:GetObject", $"{Bucket}/a", Platform,
            "aws:SecureTransport=false", false);
    }

    private static IEnumerable<PolicyCase> OfClosedStores()
    {
        var policy = Policy([
            new() { ["Sid"] = "Foreign", ["Effect"] = "Allow", ["Principal"] = new JsonObject { ["AWS"] = Data },
                ["Action"] = "s3:*",
                ["Resource"] = new JsonArray(Bucket, $"{Bucket}/*") },
            StoreStatements.Closed(AwsPartition.Commercial, "byok-acme", [Operator])]);
        PolicyCase Case(string name, string caller, string action, string path, bool may) =>
            new($"a closed store: {name}", policy, caller, $"s3:{action}", Bucket + path, Platform, "", may);

        foreach (var action
            in new[] { "GetObject", "GetObjectVersion", "GetObjectTagging", "GetObjectAttributes", "PutObject",
                "DeleteObject", "DeleteObjectVersion",
                "RestoreObject", "ListMultipartUploadParts", "AbortMultipartUpload" })
        {
            yield return Case($"a workload asks for {action}", Data, action, "/a", false);
        }

        foreach (var action in new[] { "ListBucket", "ListBucketVersions", "ListBucketMultipartUploads" })
        {
            yield return Case($"a workload asks for {action}", Data, action, "", false);
        }

        yield return Case("an administrator reads", Another, "GetObject", "/a", false);
        yield return Case("a stranger lists", Stranger, "ListBucket", "", false);
        yield return Case("the operator lists", Operator, "ListBucket", "", true);
        yield return Case("an administrator takes the policy away", Another, "DeleteBucketPolicy", "", true);
        yield return Case("the operator takes the policy away", Operator, "DeleteBucketPolicy", "", true);
    }

    private static IEnumerable<PolicyCase> OfFences()
    {
        var policy = Policy(
            [StoreStatements.Fence(AwsPartition.Commercial, new("byok-acme", "acme/", "owner", "1"), [Operator])]);
        PolicyCase Case(string name, string caller, string action, string path, bool may) =>
            new($"a fence round acme/: {name}", policy, caller, $"s3:{action}", $"{Bucket}/{path}", Platform, "", may);

        yield return Case("a workload writes", Data, "PutObject", "acme/a", false);
        yield return Case("a workload deletes", Data, "DeleteObject", "acme/a", false);
        yield return Case("a workload reads", Data, "GetObject", "acme/a", true);
        yield return Case("the operator writes", Operator, "PutObject", "acme/a", true);
        yield return Case("a neighbour writes", Another, "PutObject", "acme2/a", true);
        yield return Case("a neighbour writes under the same letters", Another, "PutObject", "beta/acme/a", true);
    }

    private static string Policy(IEnumerable<JsonObject> statements) =>
        new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray([.. statements]) }.ToJsonString();
}
