using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;

namespace ByokOperator.Overview;

/// <summary>
/// A change of a key's declared will, as its manifest would say it: a command is a shortcut to the field and never
/// another way to change anything. Pure.
/// </summary>
/// <param name="Word">What has to be typed.</param>
/// <param name="Spec">The fields, as a merge patch has them.</param>
/// <param name="Says">What comes of it.</param>
internal sealed record KeyChange(string Word, JsonObject Spec, string Says)
{
    private const string ReturnWord = "return";

    public static KeyChange Revoke(int stores) => new(
        KeyRules.Confirmation,
        new JsonObject
        {
            ["state"] = KeyStates.Revoked,
            ["revocation"] = new JsonObject { ["confirm"] = KeyRules.Confirmation },
        },
        stores == 0 ? "no store stands under it now"
            : $"{stores} store{(stores == 1 ? "" : "s")} under it will be closed within seconds");

    public static KeyChange Return(int stores) => new(
        ReturnWord,
        new JsonObject { ["state"] = KeyStates.Active, ["revocation"] = new JsonObject { ["confirm"] = "" } },
        stores == 0 ? "no store stands under it now"
            : $"{stores} store{(stores == 1 ? "" : "s")} under it will be opened again once the same key has proved "
                + "itself");

    public static KeyChange Confirm(string version) => new(
        version,
        new JsonObject { ["rotation"] = new JsonObject { ["confirmedVersion"] = version } },
        "stores under it follow to this version");

    /// <summary>What stands in the way; null where nothing does.</summary>
    public static string? FaultOf(string verb, TenantEncryptionKey key) => (verb, key.Spec.State) switch
    {
        ("revoke", KeyStates.Revoked) => "it is revoked already",
        (ReturnWord, not KeyStates.Revoked) =>
            $"its state is {key.Spec.State}, and only a key of state {KeyStates.Revoked} is returned from that",
        ("confirm", _)
            when key.Spec.Rotation.Confirmation != KeyRotation.Manual =>
                "stores follow its rotations by themselves, and nothing waits: spec.rotation.confirmation is not "
                    + "Manual",
        _ => null,
    };

    public JsonObject Patch(ObjectMeta metadata, bool isBound)
    {
        var bound = new JsonObject { ["uid"] = metadata.Uid };
        if (isBound)
        {
            bound["resourceVersion"] = metadata.ResourceVersion;
        }

        return new JsonObject { ["metadata"] = bound, ["spec"] = Spec.DeepClone() };
    }

    /// <summary>The lines of the manifest.</summary>
    public string ToYaml(ObjectKey key)
    {
        var text = new StringBuilder(
            $"apiVersion: {TenantEncryptionKey.Kind.ApiVersion}\nkind: {TenantEncryptionKey.Kind.Kind}\nmetadata:\n  "
                + $"name: {key.Name}\n  namespace: {key.Namespace}\nspec:\n");
        Write(Spec, "  ", text);
        return text.ToString();
    }

    private static void Write(JsonObject fields, string indent, StringBuilder text)
    {
        foreach (var (name, value) in fields)
        {
            if (value is JsonObject inner)
            {
                text.Append(indent).Append(name).Append(":\n");
                Write(inner, indent + "  ", text);
            }
            else
            {
                // a JSON string is a YAML one
                text.Append(indent).Append(name).Append(": ").Append(value!.ToJsonString()).Append('\n');
            }
        }
    }
}
