using System.Text;
using System.Text.Json;
using LocalCloud.Aws.Kms;
using LocalCloud.Faults;

namespace LocalCloud.Aws.S3;

/// <summary>S3's dealings with KMS: always with the caller's permission, always through the key's policy,
/// state and region.</summary>
internal sealed class KeyAccess(AwsCloud cloud)
{
    /// <summary>What a new object will be encrypted with, data key included.
    /// Headers win over the bucket's default.</summary>
    public ObjectEncryption Begin(S3Call call, Bucket bucket, string key)
    {
        var algorithm = call.Header("x-amz-server-side-encryption");
        var keyId = call.Header("x-amz-server-side-encryption-aws-kms-key-id");
        var bucketKey = call.Header("x-amz-server-side-encryption-bucket-key-enabled");
        if (call.Header("x-amz-server-side-encryption-customer-algorithm") is not null)
        {
            return CustomerKey(call)
                ?? throw S3Problems.InvalidArgument(
                    "Requests specifying Server Side Encryption with Customer provided keys must provide an "
                        + "appropriate secret key.");
        }

        if (algorithm is null)
        {
            if (keyId is not null)
            {
                throw S3Problems.InvalidArgument(
                    "Server Side Encryption with AWS KMS managed key requires HTTP header "
                        + "x-amz-server-side-encryption : aws:kms");
            }

            algorithm = bucket.Encryption.Algorithm;
            keyId = bucket.Encryption.KeyId;
        }
        else if (algorithm is not ("AES256" or "aws:kms" or "aws:kms:dsse"))
        {
            throw S3Problems.InvalidArgument("The encryption method specified is not supported");
        }

        if (algorithm == "AES256")
        {
            return keyId is null || call.Header("x-amz-server-side-encryption") is null ? ObjectEncryption.S3Managed
                : throw S3Problems.InvalidArgument(
                    "Server Side Encryption with AWS KMS managed key requires HTTP header "
                        + "x-amz-server-side-encryption : aws:kms");
        }

        var useBucketKey = algorithm == "aws:kms"
            && (bucketKey is null ? bucket.Encryption.BucketKey
                : string.Equals(bucketKey, "true", StringComparison.OrdinalIgnoreCase));
        return EncryptionOf(call, bucket, key, new ObjectEncryption(algorithm, keyId, useBucketKey));
    }

    /// <summary>Asks KMS for a data key and binds it to the object's ARN,
    /// or to the bucket's where a Bucket Key is used.</summary>
    public ObjectEncryption EncryptionOf(S3Call call, Bucket bucket, string key, ObjectEncryption wanted)
    {
        var context = Context(call, wanted.BucketKey ? bucket.Arn : bucket.ArnOf(key));
        return Asking(call, "GenerateDataKey", () =>
        {
            var keyId = wanted.KeyArn ?? cloud.Engine.Registry.AwsManaged(bucket.Region, call.Aws.Caller.Account).Arn;
            var (_, blob, used) =
                cloud.Engine.GenerateDataKey(keyId, Use(call, bucket, context), "GenerateDataKey", 32);
            return wanted with { KeyArn = used.Arn, WrappedKey = blob, Context = context };
        });
    }

    /// <summary>Opens an object's data key and wraps it anew,
    /// with every right that S3's reference asks for on either key.</summary>
    public ObjectEncryption Rewrap(S3Call call, Bucket bucket, ObjectEncryption standing, ObjectEncryption wanted)
    {
        if (standing.IsKms)
        {
            DemandReadable(call, bucket, standing);
            Asking(call, "ReEncrypt",
                () =>
                    cloud.Engine.Decrypt(standing.WrappedKey, standing.KeyArn, Use(call, bucket, standing.Context),
                        "ReEncryptFrom").Plaintext, "ReEncryptFrom");
        }

        var context = Context(call, wanted.BucketKey ? bucket.Arn : bucket.ArnOf(call.Key));
        foreach (var operation in new[] { "Encrypt", "ReEncryptTo" })
        {
            Asking(call, "ReEncrypt", () => cloud.Engine.Ready(wanted.KeyArn!, Use(call, bucket, context), operation),
                operation);
        }

        return EncryptionOf(call, bucket, call.Key, wanted);
    }

    /// <summary>Whoever wrote with a key of its own has to bring it for every look at the object,
    /// HEAD included.</summary>
    /// <param name="call">With the key, or without.</param>
    /// <param name="encryption">Of the object.</param>
    /// <param name="isSource">Of a copy: then the key is told by headers of their own.</param>
    public static void DemandCustomerKey(S3Call call, ObjectEncryption encryption, bool isSource = false)
    {
        if (encryption.CustomerKeyMd5 is { } wanted
            && call.Header((isSource ? "x-amz-copy-source-" : "x-amz-") + "server-side-encryption-customer-key-md5")
                != wanted)
        {
            throw S3Problems.InvalidRequest(
                "The object was stored using a form of Server Side Encryption. The correct parameters must be "
                    + "provided to retrieve the object.");
        }
    }

    private static ObjectEncryption? CustomerKey(S3Call call) =>
        call.Header("x-amz-server-side-encryption-customer-key-md5") is { Length: > 0 } md5
            && call.Header("x-amz-server-side-encryption-customer-key") is { Length: > 0 }
            ? new ObjectEncryption("AES256") { CustomerKeyMd5 = md5 }
            : null;

    /// <summary>Opens an object's data key, or throws what S3 answers when KMS says no.</summary>
    public void DemandReadable(S3Call call, Bucket bucket, ObjectEncryption encryption, bool isSource = false)
    {
        DemandCustomerKey(call, encryption, isSource);
        if (encryption.IsKms)
        {
            Asking(call, "Decrypt",
                () =>
                    cloud.Engine.Decrypt(encryption.WrappedKey, encryption.KeyArn,
                        Use(call, bucket, encryption.Context), "Decrypt").Plaintext);
        }
    }

    private static KmsUse Use(S3Call call, Bucket bucket, IReadOnlyDictionary<string, string> context) =>
        new(call.Aws.Caller, bucket.Region)
        {
            Context = context,
            ViaService = bucket.ViaService,
            Secure = true,
        };

    /// <param name="action">What is counted, where an operation takes more permissions than one.</param>
    private T Asking<T>(S3Call call, string operation, Func<T> ask, string? action = null)
    {
        cloud.Log.AddInner(FaultRule.KmsViaS3, action ?? operation, call.Aws.Caller.PrincipalArn);
        var fault = cloud.Faults.Match(call.Aws, FaultRule.KmsViaS3, operation).Effect;
        if (cloud.Switches.KmsUnreachable || fault is FaultEffect.Drop or FaultEffect.LoseAnswer or FaultEffect.Fail)
        {
            throw new AwsProblem(503, "ServiceUnavailable", "Service is unable to handle request.");
        }

        try
        {
            return fault switch
            {
                null => ask(),
                FaultEffect.Throttle => throw FaultAnswers.Throttled("kms"),
                FaultEffect.Answer answer => throw new AwsProblem(answer.Status, answer.Code, answer.Message),
                _ =>
                    throw KmsProblems.Of("AccessDeniedException",
                        $"User: {call.Aws.Caller.Arn} is not authorized to perform: kms:{operation}"),
            };
        }
        catch (AwsProblem problem)
        {
            throw problem.Code switch
            {
                "AccessDeniedException" => new AwsProblem(403, "AccessDenied", problem.Message),
                "ThrottlingException" =>
                    new AwsProblem(400, "ThrottlingException",
                        "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."),
                "IncorrectKeyException" or "InvalidCiphertextException" =>
                    new AwsProblem(400, "KMS.InvalidCiphertextException", "The ciphertext is invalid."),
                _ => new AwsProblem(400, "KMS." + problem.Code, problem.Message),
            };
        }
    }

    private static Dictionary<string, string> Context(S3Call call, string arn)
    {
        var context = new Dictionary<string, string>(1, StringComparer.Ordinal);
        if (call.Header("x-amz-server-side-encryption-context") is { Length: > 0 } given)
        {
            try
            {
                using var json = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(given)));
                foreach (var pair in json.RootElement.EnumerateObject())
                {
                    context[pair.Name] = pair.Value.GetString() ?? "";
                }
            }
            catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException)
            {
                throw S3Problems.InvalidArgument(
                    "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding "
                        + "JSON which represents a string-string map");
            }
        }

        context.TryAdd("aws:s3:arn", arn);
        return context;
    }
}
