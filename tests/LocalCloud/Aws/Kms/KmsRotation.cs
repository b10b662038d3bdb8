using System.Security.Cryptography;
using System.Text.Json;

namespace LocalCloud.Aws.Kms;

/// <summary>New material under the same ARN; what the old one sealed still opens.</summary>
internal sealed class KmsRotation(KmsEngine engine, KmsKeys keys)
{
    private const int MaxOnDemand = 25;

    public void GetKeyRotationStatus(KmsCall call, Utf8JsonWriter answer)
    {
        var key = keys.Permitted(call, "GetKeyRotationStatus");
        answer.WriteBoolean("KeyRotationEnabled", key.RotationEnabled && key.State != KmsKeyState.PendingDeletion);
        answer.WriteString("KeyId", key.Arn);
        if (key.RotationEnabled)
        {
            answer.WriteNumber("RotationPeriodInDays", key.RotationPeriodDays);
            answer.WriteNumber("NextRotationDate",
                (key.Current?.Created ?? key.Created).AddDays(key.RotationPeriodDays).ToUnixTimeSeconds());
        }
    }

    public void EnableKeyRotation(KmsCall call, Utf8JsonWriter answer)
    {
        var key = Rotatable(call, "EnableKeyRotation");
        if (key.Origin != "AWS_KMS")
        {
            throw KmsProblems.WrongOrigin(key);
        }

        key.RotationPeriodDays = call.Number("RotationPeriodInDays") ?? key.RotationPeriodDays;
        key.RotationEnabled = true;
    }

    public void DisableKeyRotation(KmsCall call, Utf8JsonWriter answer) =>
        Rotatable(call, "DisableKeyRotation").RotationEnabled = false;

    public void RotateKeyOnDemand(KmsCall call, Utf8JsonWriter answer)
    {
        var key = Rotatable(call, "RotateKeyOnDemand");
        lock (key.Gate)
        {
            if (key.OnDemandRotations >= MaxOnDemand)
            {
                throw KmsProblems.Of("LimitExceededException",
                    $"The on-demand rotations limit has been reached for the given keyId {key.Arn}. No more on-demand "
                        + "rotations can be performed for this key.");
            }

            if (key.Imported is null)
            {
                Rotate(key);
            }
            else
            {
                RotateImported(key);
            }

            key.OnDemandRotations++; // one that was refused is none
        }

        answer.WriteString("KeyId", key.Arn);
    }

    public void ListKeyRotations(KmsCall call, Utf8JsonWriter answer)
    {
        var key = keys.Permitted(call, "ListKeyRotations");
        if (key.Imported is not null)
        {
            WriteImported(call, answer, key);
            return;
        }

        answer.WriteStartArray("Rotations");
        foreach (var material in key.Materials.Skip(call.Text("IncludeKeyMaterial") == "ALL_KEY_MATERIAL" ? 0 : 1))
        {
            answer.WriteStartObject();
            answer.WriteString("KeyId", key.Arn);
            answer.WriteString("KeyMaterialId", material.Id);
            answer.WriteString("KeyMaterialState", material == key.Current ? "CURRENT" : "NON_CURRENT");
            answer.WriteNumber("RotationDate", material.Created.ToUnixTimeSeconds());
            answer.WriteString("RotationType", "ON_DEMAND");
            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteBoolean("Truncated", false);
    }

    /// <summary>All replicas of a multi-Region key rotate with their primary.</summary>
    internal void Rotate(KmsKey key)
    {
        key.AddMaterial(RandomNumberGenerator.GetBytes(32), engine.Now);
        foreach (var replica in engine.Registry.Replicas(key).Where(one => one != key))
        {
            replica.SetMaterials(key.Materials);
        }
    }

    private void RotateImported(KmsKey key)
    {
        var coming = key.Imported!.PendingRotation
            ?? throw KmsProblems.Of("KMSInvalidStateException",
                $"{key.Arn} has no key material that is pending rotation.");
        key.Imported.Put(coming with { IsPendingRotation = false, Rotated = engine.Now });
        key.Settle(engine.Now);
    }

    private static void WriteImported(KmsCall call, Utf8JsonWriter answer, KmsKey key)
    {
        answer.WriteStartArray("Rotations");
        var all = call.Text("IncludeKeyMaterial") == "ALL_KEY_MATERIAL";
        foreach (var material in key.Imported!.All.Where(one => all || one.Rotated is not null))
        {
            answer.WriteStartObject();
            answer.WriteString("KeyId", key.Arn);
            answer.WriteString("KeyMaterialId", material.Id);
            answer.WriteString("KeyMaterialState", material.IsPendingRotation ? "PENDING_ROTATION"
                : material == key.Imported.Current ? "CURRENT" : "NON_CURRENT");
            answer.WriteString("ImportState", material.Held is null ? "PENDING_IMPORT" : "IMPORTED");
            if (material.Held is not null)
            {
                KeyMetadata.WriteExpiry(answer, material.Expires);
            }

            if (material.Rotated is { } date)
            {
                answer.WriteNumber("RotationDate", date.ToUnixTimeSeconds());
                answer.WriteString("RotationType", "ON_DEMAND");
            }

            if (material.Description is { } words)
            {
                answer.WriteString("KeyMaterialDescription", words);
            }

            answer.WriteEndObject();
        }

        answer.WriteEndArray();
        answer.WriteBoolean("Truncated", false);
    }

    private KmsKey Rotatable(KmsCall call, string operation)
    {
        var key = keys.Permitted(call, operation);
        engine.DemandEnabled(key, TimeSpan.Zero);
        if (!key.IsSymmetric || (key.IsMultiRegion && key.PrimaryRegion != key.Region))
        {
            throw KmsProblems.Of("UnsupportedOperationException", $"{key.Arn} does not support rotation.");
        }

        return key;
    }
}
