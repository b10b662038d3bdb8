using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>The few KMS requests we make, each on one key in its own region.</summary>
internal sealed class KmsCalls(AwsClients clients, AwsCall call)
{
    public TimeProvider Time => call.Time;

    public Task<DescribeKeyResponse> DescribeAsync(KeyRef key, Evidence evidence, CancellationToken cancellation) =>
        call.SendAsync(
            new AwsRequest("kms:DescribeKey", key.Region),
            stop => Kms(key).DescribeKeyAsync(new DescribeKeyRequest { KeyId = key.Id }, stop),
            evidence,
            cancellation);

    public async Task<Canary> GenerateAsync(
        KeyRef key,
        IReadOnlyDictionary<string, string> context,
        Evidence? evidence,
        CancellationToken cancellation)
    {
        var request = new GenerateDataKeyWithoutPlaintextRequest
        {
            KeyId = key.Id,
            KeySpec = DataKeySpec.AES_256,
            EncryptionContext = new Dictionary<string, string>(context),
        };
        var answer = await call.SendAsync(
            new AwsRequest("kms:GenerateDataKeyWithoutPlaintext", key.Region, RetryPolicy: CallRetryPolicy.Probe),
            stop => Kms(key).GenerateDataKeyWithoutPlaintextAsync(request, stop),
            evidence,
            cancellation);
        return new Canary(key.Id, answer.KeyMaterialId, answer.CiphertextBlob.ToArray(), context);
    }

    public async Task DecryptAsync(KeyRef key, Canary canary, Evidence? evidence, CancellationToken cancellation)
    {
        var answer = await call.SendAsync(
            new AwsRequest("kms:Decrypt", key.Region, RetryPolicy: CallRetryPolicy.Probe),
            stop => Kms(key).DecryptAsync(
                new DecryptRequest
                {
                    KeyId = key.Id,
                    CiphertextBlob = new MemoryStream(canary.Ciphertext.ToArray(), writable: false),
                    EncryptionContext = new Dictionary<string, string>(canary.Context),
                },
                stop),
            evidence,
            cancellation);
        Wipe(answer.Plaintext);
    }

    public Task<ListGrantsResponse> GrantsAsync(
        KeyRef key, string? marker, Evidence? evidence, CancellationToken cancellation) => call.SendAsync(
        new AwsRequest("kms:ListGrants", key.Region),
        stop => Kms(key).ListGrantsAsync(new ListGrantsRequest { KeyId = key.Id, Limit = 100, Marker = marker }, stop),
        evidence,
        cancellation);

    public Task<CreateGrantResponse> CreateGrantAsync(
        KeyRef key, CreateGrantRequest grant, Evidence? evidence, CancellationToken cancellation) =>
        call.SendAsync(
            new AwsRequest("kms:CreateGrant", key.Region), stop => Kms(key).CreateGrantAsync(grant, stop), evidence,
            cancellation);

    public Task<RevokeGrantResponse> RevokeGrantAsync(
        KeyRef key, RevokeGrantRequest grant, Evidence? evidence, CancellationToken cancellation) =>
        call.SendAsync(
            new AwsRequest("kms:RevokeGrant", key.Region), stop => Kms(key).RevokeGrantAsync(grant, stop), evidence,
            cancellation);

    public Task<RetireGrantResponse> RetireGrantAsync(
        KeyRef key, RetireGrantRequest grant, CancellationToken cancellation) =>
        call.SendAsync(new AwsRequest("kms:RetireGrant", key.Region), stop => Kms(key).RetireGrantAsync(grant, stop),
            evidence: null, cancellation);

    private IAmazonKeyManagementService Kms(KeyRef key) => clients.Kms(key.Region);

    /// <summary>The canary's data key protects nothing, but no plaintext of a tenant's key stays in memory.</summary>
    private static void Wipe(MemoryStream? plaintext)
    {
        if (plaintext is { CanWrite: true, Length: > 0 and <= 4096 })
        {
            Span<byte> zeros = stackalloc byte[(int)plaintext.Length];
            zeros.Clear();
            plaintext.Position = 0;
            plaintext.Write(zeros);
        }
    }
}
