using System.Security.Cryptography;
using System.Text;
using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.Kms;

/// <summary>A key in one region. Fields that calls change are guarded by <see cref="Gate"/>; the current material and
/// state are read without it.</summary>
internal sealed class KmsKey(Arn arn, string id)
{
    private volatile KmsKeyState state = KmsKeyState.Enabled;
    private volatile KeyMaterial[] materials = [];
    private volatile KmsGrant[] grants = [];

    public Lock Gate { get; } = new();

    public Arn Name { get; } = arn;

    public string Arn { get; } = arn.ToString();

    public string Id { get; } = id;

    public string Account => Name.Account;

    public string Region => Name.Region;

    public string Spec { get; init; } = "SYMMETRIC_DEFAULT";

    public string Usage { get; init; } = "ENCRYPT_DECRYPT";

    public string Origin { get; init; } = "AWS_KMS";

    public bool IsMultiRegion { get; init; }

    /// <summary>Region of the primary; only for multi-Region keys.</summary>
    public string PrimaryRegion { get; set; } = arn.Region;

    public string Description { get; set; } = "";

    public bool IsAwsManaged { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? DeletionDate { get; set; }

    public required PolicyDocument Policy { get; set; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public bool RotationEnabled { get; set; }

    public int RotationPeriodDays { get; set; } = 365;

    public int OnDemandRotations { get; set; }

    /// <summary>The key stands in an external key store, and this is what KMS says of every use now; null:
    /// it works.</summary>
    public string? ExternalRefusal { get; set; }

    /// <summary>When the state last became Disabled or worse, for S3's lag.</summary>
    public DateTimeOffset UnusableSince { get; set; }

    public bool IsSymmetric => Spec == "SYMMETRIC_DEFAULT";

    public KmsKeyState State
    {
        get => state;
        set => state = value;
    }

    /// <summary>Oldest first; the last is current.</summary>
    public IReadOnlyList<KeyMaterial> Materials => materials;

    public KeyMaterial? Current => materials is [.., var last] ? last : null;

    public IReadOnlyList<KmsGrant> Grants => grants;

    /// <summary>Only for keys of EXTERNAL origin.</summary>
    public ImportedMaterials? Imported { get; init; }

    public KeyMaterial? Material(ReadOnlySpan<byte> idPrefix)
    {
        foreach (var material in materials)
        {
            if (material.IdBytes.AsSpan().StartsWith(idPrefix))
            {
                return material;
            }
        }

        return null;
    }

    public void AddMaterial(byte[] bits, DateTimeOffset now) =>
        materials = [.. materials, new KeyMaterial(MaterialIdOf(bits), bits, now)];

    /// <summary>KMS derives the id from key and material, so the same bytes in another key have another id.</summary>
    public string MaterialIdOf(byte[] bits) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(bits, Encoding.ASCII.GetBytes(Id)));

    /// <summary>Makes state and usable material follow what was imported. Under the gate.</summary>
    public void Settle(DateTimeOffset now)
    {
        materials = [.. Imported!.Usable];
        if (Imported.IsComplete)
        {
            state = state == KmsKeyState.PendingImport ? KmsKeyState.Enabled : state;
        }
        else if (state is not (KmsKeyState.PendingDeletion or KmsKeyState.PendingReplicaDeletion
            or KmsKeyState.PendingImport))
        {
            UnusableSince = now;
            state = KmsKeyState.PendingImport;
        }
    }

    public void SetMaterials(IEnumerable<KeyMaterial> all) => materials = [.. all];

    public void SetGrants(IEnumerable<KmsGrant> all) => grants = [.. all];
}
