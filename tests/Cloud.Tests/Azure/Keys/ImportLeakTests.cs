using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cloud.Keys;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Keys;

/// <summary>A key on its way into a vault leaves nothing behind in buffers that nobody wipes.</summary>
public sealed class ImportLeakTests(AzureStand stand) : IClassFixture<AzureStand>
{
    [Fact]
    public async Task Whatever_was_handed_to_tls_is_wiped_when_the_import_is_done()
    {
        var vault = stand.Name("leaks");
        stand.Admin.CreateVault(vault, subscription: LocalCloudAzure.PlatformSubscription);
        stand.Admin.AddRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Officer", stand.Admin.VaultId(vault));
        var written = new List<ArraySegment<byte>>();
        using var rsa = RSA.Create(4096);
        var secrets = SecretsOf(rsa);
        var seen = 0;
        using var cloud = stand.NewCloud(change: options =>
            options with { Connections = () => Recording(written, () => seen += Holds(written[^1], secrets) ? 1 : 0) });
        var place = new ImportPlace(new ImportedKeyOwner("uid", "acme", "acme-2026"), KeyRef.AnyRegion)
        {
            Cloud = CloudKind.Azure,
            KeyId = $"https://{vault}.vault.azure.net/keys/acme",
        };
        var key = new KeyRef(place.Region, place.KeyId) { Cloud = CloudKind.Azure };

        (await cloud.ImportedKeys.ImportAsync(place, key, rsa.ExportPkcs8PrivateKey(), new MaterialExpiry.Never(), null,
            CancellationToken.None)).ShouldBeOfType<ImportOutcome.Imported>();

        seen.ShouldBeGreaterThan(0, "the key went out");
        written.Count(segment => Holds(new ArraySegment<byte>(segment.Array!), secrets)).ShouldBe(0);
    }

    private static List<byte[]> SecretsOf(RSA rsa)
    {
        var numbers = rsa.ExportParameters(true);
        return [.. new[] { numbers.D!, numbers.P!, numbers.Q!, numbers.DP!, numbers.DQ!, numbers.InverseQ! }
            .SelectMany(number =>
                new[] { number[8..40], Encoding.ASCII.GetBytes(Base64Url.EncodeToString(number))[12..52] })];
    }

    private static bool Holds(ArraySegment<byte> segment, List<byte[]> secrets) =>
        secrets.Exists(secret => segment.AsSpan().IndexOf(secret) >= 0);

    private SocketsHttpHandler Recording(List<ArraySegment<byte>> written, Action onWrite)
    {
        var handler = stand.Server.NewAzureHandler();
        handler.PlaintextStreamFilter = (connection, _) =>
            ValueTask.FromResult<Stream>(new Recorder(connection.PlaintextStream, memory =>
            {
                if (MemoryMarshal.TryGetArray(memory, out var segment))
                {
                    written.Add(segment);
                    onWrite();
                }
            }));
        return handler;
    }

    /// <summary>Sees the buffers themselves that a client hands to TLS.</summary>
    private sealed class Recorder(Stream inner, Action<ReadOnlyMemory<byte>> see) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set =>
            throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            see(buffer.AsMemory(offset, count));
            inner.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            see(buffer);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
