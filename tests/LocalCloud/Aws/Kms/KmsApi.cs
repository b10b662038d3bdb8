using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;

namespace LocalCloud.Aws.Kms;

/// <summary>KMS's wire: JSON 1.1, the operation in X-Amz-Target.</summary>
internal sealed class KmsApi
{
    private delegate void Operation(KmsCall call, Utf8JsonWriter answer);

    private readonly KmsEngine engine;
    private readonly KmsQuotas quotas;
    private readonly FrozenDictionary<string, Operation> operations;

    public KmsApi(KmsEngine engine)
    {
        this.engine = engine;
        var crypto = new KmsCrypto(engine);
        var keys = new KmsKeys(engine);
        var rotation = new KmsRotation(engine, keys);
        var imports = new KmsImports(engine, keys);
        var policies = new KmsPolicies(engine, keys);
        var grants = new KmsGrants(engine, keys);
        operations = new Operation[]
        {
            crypto.Encrypt, crypto.Decrypt, crypto.ReEncrypt, crypto.GenerateDataKey,
            crypto.GenerateDataKeyWithoutPlaintext,
            keys.CreateKey, keys.DescribeKey, keys.ListKeys, keys.EnableKey, keys.DisableKey, keys.ScheduleKeyDeletion,
            keys.CancelKeyDeletion, keys.ReplicateKey,
            rotation.GetKeyRotationStatus, rotation.EnableKeyRotation, rotation.DisableKeyRotation,
            rotation.RotateKeyOnDemand, rotation.ListKeyRotations,
            imports.GetParametersForImport, imports.ImportKeyMaterial, imports.DeleteImportedKeyMaterial,
            policies.GetKeyPolicy, policies.PutKeyPolicy, policies.ListKeyPolicies, policies.CreateAlias,
            policies.UpdateAlias, policies.DeleteAlias,
            policies.ListAliases, policies.TagResource, policies.UntagResource, policies.ListResourceTags,
            grants.CreateGrant, grants.ListGrants, grants.ListRetirableGrants, grants.RevokeGrant, grants.RetireGrant,
        }.ToFrozenDictionary(operation => operation.Method.Name, StringComparer.Ordinal);
        Rotation = rotation;
        quotas = new KmsQuotas(engine.Switches, engine.Registry.Clock);
    }

    internal KmsRotation Rotation { get; }

    public async Task HandleAsync(AwsCall call, ReadOnlyMemory<byte> body)
    {
        if (!operations.TryGetValue(call.Operation, out var operation))
        {
            throw KmsProblems.Of("UnknownOperationException", $"{call.Operation} is not modelled");
        }

        quotas.Demand(call.Caller.Account, call.Claim.Region, call.Operation);
        var output = new ArrayBufferWriter<byte>(512);
        Run(operation, call, body, output);
        call.Response.StatusCode = 200;
        await SendAsync(call, output.WrittenMemory);
    }

    public static async Task SendProblemAsync(AwsCall call, AwsProblem problem)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("__type", problem.Code);
            if (problem.Message.Length > 0)
            {
                json.WriteString("message", problem.Message);
            }

            json.WriteEndObject();
        }

        call.Response.StatusCode = problem.Status;
        await SendAsync(call, output.WrittenMemory);
    }

    private void Run(Operation operation, AwsCall call, ReadOnlyMemory<byte> body, ArrayBufferWriter<byte> output)
    {
        try
        {
            using var input = JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body);
            using var answer = new Utf8JsonWriter(output);
            answer.WriteStartObject();
            operation(new KmsCall(input.RootElement, call.Caller, call.Claim.Region, call.Secure), answer);
            answer.WriteEndObject();
        }
        catch (Exception wrong)
            when (wrong is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw KmsProblems.Of("SerializationException", wrong.Message);
        }
    }

    private static async Task SendAsync(AwsCall call, ReadOnlyMemory<byte> body)
    {
        call.Response.ContentType = "application/x-amz-json-1.1";
        call.Response.Headers["x-amzn-RequestId"] = call.RequestId;
        call.Response.ContentLength = body.Length;
        await call.Response.Body.WriteAsync(body, call.Cancellation);
    }
}
