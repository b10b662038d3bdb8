using System.Security.Cryptography;

namespace ByokOperator.Tests.Material;

/// <summary>Writes down what is tried with a private key.</summary>
internal sealed class CountingRsa(string name, RSA inner, List<string> tried) : RSA
{
    public override int KeySize => inner.KeySize;

    public override bool TryDecrypt(
        ReadOnlySpan<byte> data, Span<byte> destination, RSAEncryptionPadding padding, out int bytesWritten)
    {
        tried.Add($"{name} {padding} into {destination.Length >= inner.KeySize / 8}");
        return inner.TryDecrypt(data, destination, padding, out bytesWritten);
    }

    public override byte[] Decrypt(byte[] data, RSAEncryptionPadding padding) =>
        throw new InvalidOperationException("a secret must not come out in an array");

    public override RSAParameters ExportParameters(bool includePrivateParameters) =>
        inner.ExportParameters(includePrivateParameters);

    public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();
}
