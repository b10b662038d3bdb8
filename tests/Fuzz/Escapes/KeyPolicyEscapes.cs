using ByokOperator.Api;
using ByokOperator.Entitlements;
using Cloud;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Keys;
using Kube.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Fuzz.Escapes;

/// <summary>What a tenant or the platform writes comes into a key's policy as a value, or is refused in a sentence:
/// never as a statement, a pattern or a variable.</summary>
public sealed class KeyPolicyEscapes : IDisposable
{
    private const string Name = "acme";
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string OperatorRole = "arn:aws:iam::111111111111:role/byok-operator";
    private const string DataRole = "arn:aws:iam::111111111111:role/acme-data";
    private const string Bucket = "acme-backups";

    private static readonly string[] valid = [Name, Arn, OperatorRole, DataRole, Bucket];

    private readonly List<AwsCloud> made = [];

    public void Dispose() => made.ForEach(cloud => cloud.Dispose());

    [Fact]
    public void What_stands_in_a_key_policy_is_a_value_in_it()
    {
        var plain = JsonLeaves.Of(Written(valid).ShouldNotBeNull());
        var (written, refused) = (0, 0);
        Inputs.Each(share: 1, seed =>
        {
            var words = new Hostile(new Random(seed)).OneOf(valid);
            if (words[4] == TenantSpec.Anything)
            {
                return; // the platform's own word for any bucket: no list of them
            }

            if (Written(words) is not { } policy)
            {
                refused++;
                return;
            }

            written++;
            var leaves = JsonLeaves.Of(policy);
            leaves.ShouldBe(plain.Select(leaf => (leaf.Path, With(leaf.Value, words))));
            foreach (var (path, value) in leaves.Where(leaf => leaf.Value is not ("*" or "kms:*")))
            {
                value.TrimEnd('*').IndexOfAny(['*', '?', '$', '"', '\\']).ShouldBe(-1, $"{path}: {value}");
                value.Any(char.IsControl).ShouldBeFalse(path);
            }
        });
        (written > 0 && refused > 0).ShouldBeTrue($"{written} written, {refused} refused");
    }

    /// <summary>As it would read had these words stood there from the beginning.</summary>
    private static string With(string leaf, string[] words)
    {
        var told = leaf == Name ? words[0]
            : leaf.Replace(DerivedNames.BucketPrefix(Name), DerivedNames.BucketPrefix(words[0]),
                StringComparison.Ordinal);
        // the key's region, of which there may be others
        told = told.Replace(".eu-west-1.", $".{words[1].Split(':')[3]}.", StringComparison.Ordinal);
        for (var index = 2; index < valid.Length; index++)
        {
            told = told.Replace(valid[index], words[index], StringComparison.Ordinal);
        }

        return told;
    }

    /// <summary>Null: refused, in words.</summary>
    private string? Written(string[] words)
    {
        var owner = new Tenant
        {
            Metadata = new() { Name = words[0] },
            Spec = new() { Stores = new() { BucketNames = [words[4]], DataPrincipals = new() { Aws = words[3] } } },
        };
        if (TenantRules.Check(owner) is [{ } wrong, ..])
        {
            wrong.Message.ShouldNotBeEmpty();
            return null;
        }

        if (!ObjectNames.IsName(words[0]))
        {
            return null; // the API server's to refuse, and for a flag the command's
        }

        if (!KmsKeyArn.TryParse(words[1], out var key, out var problem))
        {
            problem.ShouldNotBeEmpty();
            return null;
        }

        try
        {
            return CloudOf(words[2]).Policies
                .RequiredPolicy(new KeyRef(key.Region, words[1]), KeyBindings.Of(words[0], Authority.Of([owner])));
        }
        catch (CloudException refused)
        {
            refused.Problem.Message.ShouldNotBeEmpty();
            return null;
        }
    }

    private AwsCloud CloudOf(string role)
    {
        if (role == OperatorRole && made is [{ } same, ..])
        {
            return same;
        }

        var cloud =
            AwsCloud.Create(new AwsOptions { OperatorRoleArn = role }, TimeProvider.System, NullLoggerFactory.Instance);
        made.Add(cloud);
        return cloud;
    }
}
