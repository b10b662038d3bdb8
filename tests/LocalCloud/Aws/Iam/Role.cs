namespace LocalCloud.Aws.Iam;

internal sealed record Role(string Arn, PolicyDocument Trust, PolicyDocument? Permissions);
