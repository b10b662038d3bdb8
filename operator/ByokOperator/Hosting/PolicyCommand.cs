using System.CommandLine;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace ByokOperator.Hosting;

/// <summary><c>byok-operator policy --key ARN --operator-role ARN</c>: the key policy for a tenant, without a cluster or an account.</summary>
internal static class PolicyCommand
{
    private static readonly Option<string> Key = new("--key") { Description = "the tenant's full key ARN", Required = true };
    private static readonly Option<string> OperatorRole = new("--operator-role") { Description = "role ARN of the operator", Required = true };
    private static readonly Option<string?> DataRole = new("--data-role") { Description = "role ARN of the workloads" };

    public static Command Create()
    {
        Command command = new("policy", "Print the key policy that a tenant must apply, for the key's account and partition.");
        command.Options.Add(Key);
        command.Options.Add(OperatorRole);
        command.Options.Add(DataRole);
        command.SetAction(Act);
        return command;
    }

    private static int Act(ParseResult parsed)
    {
        var id = parsed.GetValue(Key) ?? "";
        if (!KmsKeyArn.TryParse(id, out var arn, out var error))
        {
            Console.Error.WriteLine($"byok-operator: --key: {error}");
            return ExitCodes.Usage;
        }

        using var aws = AwsCloud.Create(
            new AwsOptions { OperatorRoleArn = parsed.GetValue(OperatorRole), DataRoleArn = parsed.GetValue(DataRole) },
            TimeProvider.System, NullLoggerFactory.Instance);
        Console.Out.WriteLine(aws.Policies.RequiredPolicy(new KeyRef(arn.Region, id)));
        return ExitCodes.Done;
    }
}
