using System.Globalization;
using System.Security.Cryptography;
using Byok.Material;
using MaterialProbe;

// Opens as many uploads as it is told, then says so and waits, so that its memory can be searched. It knows no secret
// but by opening: what stands on its input is a private key, the control value that is kept on purpose,
// and wrapped secrets with their hashes.
const int MaterialBytes = 32;
const int HashCharacters = 44;
var (count, pairBytes) =
    (int.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture));
var input = Console.OpenStandardInput();

var pair = RSA.Create();
pair.ImportPkcs8PrivateKey(Take(pairBytes), out _);
using var key = new WrappingKey("probe", pair, DateTimeOffset.MaxValue);
var control = Take(MaterialBytes);
var planted = SecretForms.Of(control);
for (var opened = 0; opened < count; opened++)
{
    var uploaded = Take(key.WrappedLength);
    var hash = System.Text.Encoding.ASCII.GetString(Take(HashCharacters));
    if (MaterialOpener.Open([key], uploaded, hash,
        allowLegacyWrapping: true) is OpenedMaterial.Opened { Material: var material })
    {
        // What an import does with it: hash it, compare it, wrap it anew.
        using (material)
        {
            _ = material.HashIs(material.Hash());
            _ = pair.Encrypt(material.Memory.Span, RSAEncryptionPadding.OaepSHA256);
        }
    }
}

Console.WriteLine("opened");
_ = input.ReadByte();
GC.KeepAlive(control);
GC.KeepAlive(planted);

byte[] Take(int length)
{
    var taken = new byte[length];
    input.ReadExactly(taken);
    return taken;
}
