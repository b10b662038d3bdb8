using System.Globalization;
using System.Security.Cryptography;
using Cloud;
using Cloud.Aws;
using Cloud.Keys;
using MaterialProbe;
using Microsoft.Extensions.Logging.Abstractions;

// Imports as many materials as it is told, one after the other, each through one pinned buffer; then says so and waits,
// so that its memory can be searched. What stands first on its input is no material: it is kept on purpose,
// for the search to find.
const int MaterialBytes = 32;
var (endpoint, accessKey, secret, role) = (args[0], args[1], args[2], args[3]);
var count = int.Parse(args[4], CultureInfo.InvariantCulture);
var input = Console.OpenStandardInput();

var control = GC.AllocateArray<byte>(MaterialBytes, pinned: true);
input.ReadExactly(control);
var planted = SecretForms.Of(control);

using var cloud = AwsCloud.Create(
    new AwsOptions
    {
        AccessKey = new AwsAccessKey(accessKey, secret),
        OperatorRoleArn = role,
        KmsEndpoint = endpoint,
        Rates = new Dictionary<string, double>
        {
            ["kms:GetParametersForImport"] = 1000,
            ["kms:ImportKeyMaterial"] = 1000,
            ["kms:CreateKey"] = 1000,
        },
    },
    TimeProvider.System,
    NullLoggerFactory.Instance);
var material = GC.AllocateUninitializedArray<byte>(MaterialBytes, pinned: true);
for (var imported = 0; imported < count; imported++)
{
    input.ReadExactly(material);
    try
    {
        var owner = new ImportedKeyOwner(Guid.NewGuid().ToString(), "acme", "acme-2026");
        var place = new ImportPlace(owner, "eu-west-1");
        var key = await cloud.ImportedKeys.CreateAsync(place, DataPrincipal.Nobody, CancellationToken.None);
        var outcome = await cloud.ImportedKeys.ImportAsync(place, key.Key, material, new MaterialExpiry.Never(),
            materialId: null, CancellationToken.None);
        if (outcome is not ImportOutcome.Imported)
        {
            throw new InvalidOperationException($"{outcome}");
        }
    }
    finally
    {
        CryptographicOperations.ZeroMemory(material);
    }
}

Console.WriteLine("imported");
_ = input.ReadByte();
GC.KeepAlive(control);
GC.KeepAlive(planted);
