using System.Globalization;
using Xunit;

namespace ByokOperator.Tests.Commands;

/// <summary>Each with its sentence. RUN, SERVE, COPY, REKEY, POLICY, APIKEY and KEY stand for a command that lacks
/// nothing but what the case gives.</summary>
public static class BadInputCases
{
    private const string Id = "11111111-2222-3333-4444-555555555555";
    private const string Arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string Old = "arn:aws:kms:eu-west-1:111122223333:key/0000abcd-12ab-34cd-56ef-1234567890ab";
    private const string Role = "arn:aws:iam::111122223333:role/byok-operator";

    private static readonly Dictionary<string, string> Shorts = new()
    {
        ["RUN"] = "run --image x --kubeconfig /nowhere/kubeconfig",
        ["SERVE"] = "import-api --api-listen 127.0.0.1:0 --kubeconfig /nowhere/kubeconfig",
        ["COPY"] = $"copy --source eu-west-1/a --target eu-west-1/b --prefix t/ --key {Arn} --run r",
        ["REKEY"] = $"reencrypt --store eu-west-1/a --key {Arn} --old-key {Old} --engine Update --run r",
        ["POLICY"] = $"policy --key {Arn}",
        ["VAULT"] = $"policy --key https://acme.vault.azure.net/keys/acme",
        ["APIKEY"] = "apikey create",
    };

    /// <summary>Which take text of one form alone.</summary>
    private static readonly string[] Shaped =
    [
        "BYOK_AWS_OPERATOR_ROLE_ARN", "BYOK_AWS_ASSUME_ROLE_ARN", "BYOK_AWS_REQUIRE_TLS", "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS",
        "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_AUTHORITY_HOST", "BYOK_AZURE_APPLICATION_CLIENT_ID",
        "BYOK_AZURE_IDENTITY_OBJECT_ID", "BYOK_AZURE_IDENTITY_RESOURCE_ID",
        "BYOK_AZURE_ROLE_SETTLING", "AWS_REGION", "AWS_DEFAULT_REGION",
    ];

    private static readonly string[] Lines = [.. Roots(), .. Runs(), .. Serving(), .. Others(), .. Variable()];

    /// <summary>Any text is one, or nothing can be wrong about a switch.</summary>
    public static IReadOnlyDictionary<string, string> Unbound { get; } = new Dictionary<string, string>
    {
        ["run --identity"] = "any text tells replicas apart",
        ["run --service-account"] = "a word of messages",
        ["run --aws-external-id"] = "alone it is a case of --aws-assume-role; its text is the other side's choice",
        ["copy --bucket-key"] = "a switch",
        ["reencrypt --bucket-key"] = "a switch",
        ["revoke --dry-run"] = "a switch", ["return --dry-run"] = "a switch", ["confirm --dry-run"] = "a switch",
        ["key generate --force"] = "a switch", ["key generate --legacy-sha1"] = "a switch",
        ["key wrap --force"] = "a switch", ["key wrap --legacy-sha1"] = "a switch", ["key wrap --rsa"] = "a switch",
        ["key hash --rsa"] = "a switch",
        ["key verify --legacy-sha1"] = "a switch", ["key verify --rsa"] = "a switch",
    };

    /// <summary>They name what the cluster made, or hold what only others can judge.</summary>
    public static IReadOnlyList<string> UnboundVariables { get; } =
    [
        "POD_NAME", "POD_SERVICE_ACCOUNT", "BYOK_IMAGE", "BYOK_AWS_EXTERNAL_ID", "BYOK_AZURE_STORAGE_SKU",
        "BYOK_NOTICE_SECRET", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE",
    ];

    public static TheoryData<string, string, int, string> All
    {
        get
        {
            TheoryData<string, string, int, string> cases = [];
            foreach (var parts in Lines.Select(line => line.Split(" | ")))
            {
                cases.Add(Spelled(parts[0]), parts[1].Trim(), int.Parse(parts[2], CultureInfo.InvariantCulture),
                    parts[3]);
            }

            return cases;
        }
    }

    /// <summary>As <c>command --flag</c>.</summary>
    public static IEnumerable<string> Flags => Lines.Select(line => line.Split(" | ")[0]).SelectMany(given =>
    {
        var command = string.Join(' ',
            Spelled(given).Split(' ')
                .TakeWhile(word => !word.StartsWith('-') && !word.Contains('/', StringComparison.Ordinal)));
        return given.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal))
            .Select(flag => $"{command} {flag}");
    }).Distinct();

    public static IEnumerable<string> Variables =>
        Lines.SelectMany(line => line.Split(" | ")[1].Split(' ')).Select(one => one.Split('=')[0]).Distinct();

    private static string Spelled(string arguments) =>
        Shorts.Aggregate(arguments,
            (text, one) =>
                text.StartsWith(one.Key, StringComparison.Ordinal) ? one.Value + text[one.Key.Length..] : text);

    private static string[] Roots() =>
    [
        "'' |  | 2 | byok-operator --help tells what it takes",
        "mend |  | 2 | 'mend'",
        "version now |  | 2 | 'now'",
        "key |  | 2 | byok-operator key --help tells what it takes",
        "@file |  | 2 | '@file'",
    ];

    private static string[] Runs() =>
    [
        "RUN |  | 2 | /nowhere/kubeconfig",
        "run --image x --kubeconfig broken |  | 2 | broken",
        "run --image x --kubeconfig kubeconfig --context mars |  | 2 | mars",
        "RUN --namespace Byok_System |  | 2 | --namespace is 'Byok_System'",
        "RUN --namespace a --namespace b |  | 2 | '--namespace'",
        "RUN --listen here |  | 2 | --listen is 'here'",
        "RUN --workers many |  | 2 | '--workers'",
        "RUN --workers 0 |  | 2 | --workers is 0",
        "RUN --workers 0 --namespace A_B | AWS_REGION=No_Such | 2 | --namespace is 'A_B': give the operator's own "
            + "namespace; --workers is 0: give 1 to 256; AWS_REGION is 'No_Such'",
        "RUN --steady-recheck soon |  | 2 | --steady-recheck",
        "RUN --lease-duration 1s |  | 2 | --lease-duration",
        "RUN --cloud-settling x |  | 2 | --cloud-settling",
        "run --image '' --kubeconfig /nowhere |  | 2 | --image is empty",
        "RUN --image-pull-policy Sometimes |  | 2 | --image-pull-policy is 'Sometimes'",
        "RUN --copy-service-account A_B |  | 2 | --copy-service-account is 'A_B'",
        "RUN --copy-env-from-secret A_B |  | 2 | --copy-env-from-secret",
        "RUN --copy-host-network maybe |  | 2 | 'maybe'",
        "RUN --copy-node-selector disk |  | 2 | --copy-node-selector is 'disk': give LABEL=VALUE",
        "RUN --copy-node-selector a=1 --copy-node-selector a=2 |  | 2 | --copy-node-selector names a twice",
        "RUN --copy-cpu lots |  | 2 | --copy-cpu is 'lots'",
        "RUN --copy-memory 1GB |  | 2 | --copy-memory is '1GB'",
        "RUN --job-queue A_B |  | 2 | --job-queue is 'A_B': give the name of a LocalQueue",
        "RUN --metrics-listen here |  | 2 | --metrics-listen is 'here'",
        "RUN --metrics-listen 127.0.0.1:1 --metrics-tls-cert /nowhere |  | 2 | --metrics-tls-cert",
        "RUN --metrics-listen 127.0.0.1:1 --metrics-tls-key /nowhere |  | 2 | --metrics-tls-key",
        "RUN --metrics-token-review |  | 2 | --metrics-token-review",
        "RUN --notice-sink ftp://x |  | 2 | --notice-sink is not a sink",
        "RUN --notice-sink https://x --notice-secret-file /nowhere |  | 2 | --notice-secret-file or "
            + "BYOK_NOTICE_SECRET_FILE can't be read",
        "RUN --aws-operator-role me |  | 2 | --aws-operator-role is 'me'",
        "RUN --aws-assume-role me |  | 2 | --aws-assume-role is 'me'",
        "RUN --aws-control-keys eu-west-1 |  | 2 | --aws-control-keys",
        "RUN --azure-tenant acme |  | 2 | --azure-tenant is 'acme'",
        "RUN --azure-client acme |  | 2 | --azure-client is 'acme'",
        "RUN --azure-identity acme |  | 2 | --azure-identity is 'acme'",
        "RUN --azure-application acme |  | 2 | --azure-application is 'acme'",
        "RUN --azure-environment Mars |  | 2 | --azure-environment is 'Mars'",
        "RUN --azure-role-settling x |  | 2 | --azure-role-settling is 'x'",
        "RUN --import-namespace A_B |  | 2 | --import-namespace is 'A_B'",
        "RUN --wrapping-name A_B |  | 2 | --wrapping-name is 'A_B'",
        "RUN --wrapping-validity x |  | 2 | --wrapping-validity",
    ];

    private static string[] Serving() =>
    [
        "SERVE |  | 2 | /nowhere/kubeconfig",
        "import-api --api-listen 127.0.0.1:0 --kubeconfig kubeconfig --context mars |  | 2 | mars",
        "SERVE --namespace A_B |  | 2 | --namespace is 'A_B'",
        "SERVE --listen here |  | 2 | --listen is 'here'",
        "SERVE --listen '' |  | 2 | --listen is ''",
        "import-api --api-listen here |  | 2 | --api-listen is 'here'",
        "SERVE --tls-cert /nowhere |  | 2 | --tls-cert and --tls-key go together",
        "SERVE --tls-cert /nowhere --tls-key /nowhere |  | 2 | --tls-cert and --tls-key can't be used",
        "SERVE --wrapping-name A_B |  | 2 | --wrapping-name is 'A_B'",
        "SERVE --metrics-listen here |  | 2 | --metrics-listen is 'here'",
        "SERVE --metrics-listen 127.0.0.1:1 --metrics-tls-cert /nowhere |  | 2 | --metrics-tls-cert",
        "SERVE --metrics-listen 127.0.0.1:1 --metrics-tls-key /nowhere |  | 2 | --metrics-tls-key",
        "SERVE --metrics-token-review |  | 2 | --metrics-token-review",
        "SERVE --key-pool 0 |  | 2 | --key-pool is 0",
        "SERVE --requests-per-day x |  | 2 | '--requests-per-day'",
        "SERVE --tenant-calls-per-second 0 |  | 2 | --tenant-calls-per-second is 0",
        "SERVE --address-calls-per-second 0 |  | 2 | --address-calls-per-second is 0",
    ];

    private static string[] Others() =>
    [
        "copy |  | 2 | '--source'",
        "copy --source acme |  | 2 | --source 'acme' must be",
        $"copy --source eu-west-1/a --target azure:w/b/c --prefix t/ --key {Arn} --run r |  | 2 | same cloud",
        $"copy --source eu-west-1/a --target b --prefix t/ --key {Arn} --run r |  | 2 | --target 'b' must be",
        $"copy --source eu-west-1/a --target eu-west-1/b --prefix t --key {Arn} --run r |  | 2 | --prefix 't' must "
            + "end in a slash",
        $"copy --source eu-west-1/a --target eu-west-1/b --key {Arn} --run r |  | 2 | a bucket with --whole",
        "COPY --whole |  | 2 | --whole goes with no --prefix",
        "copy --source eu-west-1/a --target eu-west-1/b --prefix t/ --key azure:x --run r |  | 2 | --key must be in "
            + "the cloud of --target",
        $"copy --source eu-west-1/a --target eu-west-1/b --prefix t/ --key {Arn} --run a_b |  | 2 | --run must be",
        "copy --source eu-west-1/a --target eu-west-1/b --prefix t/ --key AES256 --run r |  | 2 | --key AES256 is for "
            + "a return alone",
        $"copy --source eu-west-1/a --target eu-west-1/b --prefix t/ --key AES256 --run r --return a_b --marks-key "
            + $"{Arn} |  | 2 | --return must be",
        "copy --source eu-west-1/a --target eu-west-1/b --prefix t/ --key AES256 --run r --return f1 --marks-key "
            + "AES256 |  | 2 | --marks-key must be",
        "COPY --previous a_b |  | 2 | --previous must be",
        "COPY --shards x |  | 2 | '--shards'",
        "COPY --attempt 0 |  | 2 | --attempt must be at least 1",
        "COPY --shard 7 |  | 2 | --shard",
        "COPY --verification Hope |  | 2 | '--verification'",
        "COPY --concurrency 0 |  | 2 | --concurrency",
        $"reencrypt --store nowhere --key {Arn} --old-key {Old} --engine Update --run r |  | 2 | --store 'nowhere' "
            + "must be",
        $"reencrypt --store azure:s/g/a/c --key {Arn} --old-key {Old} --engine Update --run r |  | 2 | --",
        $"reencrypt --store eu-west-1/a --key {Arn} --old-key {Arn} --engine Update --run r |  | 2 | --old-key must "
            + "not be the new key",
        $"reencrypt --store eu-west-1/a --key {Arn} --old-key {Old} --engine Wrap --run r |  | 2 | '--engine'",
        $"reencrypt --store eu-west-1/a --key {Arn} --old-key {Old} --engine Move --run r |  | 2 | --engine must be "
            + "Update or Copy",
        $"reencrypt --store eu-west-1/a --key {Arn} --old-key {Old} --engine Copy --run a_b |  | 2 | --run must be",
        "REKEY --shards 0 |  | 2 | --shards must be",
        "REKEY --shard 7 |  | 2 | --shard must be",
        "REKEY --attempt 0 |  | 2 | --attempt must be at least 1",
        "REKEY --concurrency 0 |  | 2 | --concurrency must be",
        "report acme |  | 2 | NAMESPACE/NAME",
        "report acme/data --all |  | 2 | give one of a store",
        "report --tenant A_B |  | 2 | --tenant",
        "report --all --output pdf |  | 2 | --output is 'pdf'",
        "report --all --save '' |  | 2 | --save is empty",
        "report verify |  | 2 | FOLDER",
        "report verify /nowhere |  | 2 | there is no folder '/nowhere'",
        "report verify ./ --key /nowhere |  | 2 | --key",
        "report verify ./ --key broken |  | 2 | holds no public key",
        "report verify ./ --operator-namespace A_B |  | 2 | --operator-namespace is 'A_B'",
        "report verify ./ --kubeconfig /nowhere |  | 1 | /nowhere",
        "status A_B |  | 2 | 'A_B'",
        "status --kubeconfig /nowhere |  | 1 | /nowhere",
        "status --kubeconfig kubeconfig --context mars |  | 1 | mars",
        "status acme/data --all-namespaces |  | 2 | 'acme/data' or --all-namespaces: give one of them",
        "status acme/A_B |  | 2 | 'acme/A_B' is no name",
        "report acme/data --kubeconfig kubeconfig --context mars |  | 1 | mars",
        "report verify ./ --kubeconfig kubeconfig --context mars |  | 1 | mars",
        "why A_B |  | 2 | 'A_B' is no name",
        "why acme/data --kubeconfig /nowhere |  | 1 | /nowhere",
        "why acme/data --kubeconfig kubeconfig --context mars |  | 1 | mars",
        "plan acme |  | 2 | 'acme' is no name: give it as NAMESPACE/NAME",
        "plan A_B/data |  | 2 | 'A_B/data' is no name: give it as NAMESPACE/NAME",
        "plan acme/data --kubeconfig /nowhere |  | 1 | /nowhere",
        "plan acme/data --kubeconfig kubeconfig --context mars |  | 1 | mars",
        "check acme |  | 2 | 'acme' is no name: give it as NAMESPACE/NAME",
        "check acme/main --wait soon |  | 2 | --wait",
        "check acme/main --kubeconfig /nowhere |  | 1 | /nowhere",
        "check acme/main --kubeconfig kubeconfig --context mars |  | 1 | mars",
        .. ((string[])["revoke", "return", "confirm"]).SelectMany(verb => (string[])
        [
            $"{verb} acme --confirm x |  | 2 | 'acme' is no name",
            $"{verb} acme/main --confirm '' |  | 2 | --confirm is ''",
            $"{verb} acme/main --confirm x --kubeconfig /nowhere |  | 1 | /nowhere",
            $"{verb} acme/main --confirm x --kubeconfig kubeconfig --context mars |  | 1 | mars",
        ]),
        "revoke acme/main |  | 2 | there is no terminal: give it by --confirm",
        "completion fish |  | 2 | there is no completion for 'fish'",
        "report acme/data --wait soon |  | 2 | --wait",
        "report acme/data --kubeconfig /nowhere |  | 1 | /nowhere",
        "POLICY |  | 2 | --operator-role is missing",
        $"policy --key acme --operator-role {Role} |  | 2 | --key",
        "POLICY --operator-role arn:aws-cn:iam::111122223333:role/op |  | 2 | aws-cn",
        $"POLICY --operator-role {Role} --data-role me |  | 2 | --tenant-name is missing",
        $"POLICY --operator-role {Role} --tenant-name A_B |  | 2 | --tenant-name",
        $"POLICY --operator-role {Role} --tenant-name acme --bucket-names a* |  | 2 | --bucket-names",
        "VAULT --tenant acme |  | 2 | --tenant",
        $"VAULT --tenant {Id} --application acme |  | 2 | --application",
        $"VAULT --tenant {Id} --application {Id} --form terraform |  | 2 | --form is 'terraform'",
        "key generate |  | 2 | '--public-key'",
        "key generate --public-key /nowhere |  | 1 | /nowhere",
        "key generate --public-key broken --out o --backup o --rsa many |  | 2 | '--rsa'",
        "key generate --public-key broken --password-file /nowhere --backup b |  | 1 | broken",
        "key wrap --public-key broken --out o --backup /nowhere --password-file /nowhere |  | 1 | broken",
        "key hash --backup /nowhere --password-file /nowhere |  | 1 | /nowhere",
        "key fingerprint x |  | 1 | base64 of a SHA-256",
        "key verify --key-hash x |  | 2 | '--public-key'",
        "key verify --public-key broken --key-hash x --backup /nowhere --password-file /nowhere |  | 1 | broken",
        "APIKEY |  | 2 | '--enterprise'",
        $"APIKEY --enterprise a/b --tenant-namespace t --tenant-namespace-uid {Id} --key k |  | 2 | --enterprise",
        $"APIKEY --enterprise a --tenant-namespace A_B --tenant-namespace-uid {Id} --key k |  | 2 | --tenant-namespace",
        "APIKEY --enterprise a --tenant-namespace t --tenant-namespace-uid u --key k |  | 2 | --tenant-namespace-uid "
            + "is 'u'",
        $"APIKEY --enterprise a --tenant-namespace t --tenant-namespace-uid {Id} --key A_B |  | 2 | --key",
        $"APIKEY --enterprise a --tenant-namespace t --tenant-namespace-uid {Id} --key k --namespace A_B |  | 2 | "
            + "--namespace",
        $"APIKEY --enterprise a --tenant-namespace t --tenant-namespace-uid {Id} --key k --expires-after x |  | 2 | "
            + "--expires-after is 'x'",
    ];

    private static string[] Variable() =>
    [
        "run --image x | KUBECONFIG=/nowhere/config | 2 | /nowhere/config",
        "RUN | POD_NAMESPACE=A_B | 2 | 'A_B'",
        "RUN | BYOK_LOG_LEVEL=Loud | 2 | BYOK_LOG_LEVEL is 'Loud'",
        "SERVE | BYOK_LOG_LEVEL=7 | 2 | BYOK_LOG_LEVEL is '7'",
        "COPY | BYOK_LOG_LEVEL=Loud | 2 | BYOK_LOG_LEVEL is 'Loud'",
        "COPY | JOB_COMPLETION_INDEX=first | 2 | JOB_COMPLETION_INDEX is 'first'",
        "RUN --notice-sink https://x | BYOK_NOTICE_SECRET_FILE=/nowhere | 2 | BYOK_NOTICE_SECRET_FILE can't be read",
        "RUN | BYOK_AWS_CONTROL_KEYS=eu-west-1 | 2 | eu-west-1",
        "RUN | BYOK_AZURE_ENVIRONMENT=Mars | 2 | BYOK_AZURE_ENVIRONMENT is 'Mars'",
        "COPY | BYOK_AZURE_ENVIRONMENT=Mars | 2 | BYOK_AZURE_ENVIRONMENT is 'Mars'",
        "COPY | BYOK_AZURE_CA_PEM=none | 2 | BYOK_AZURE_CA_PEM holds no certificate",
        .. Shaped.Select(name => $"COPY | {name}=No_Such | 2 | {name} is 'No_Such': give "),
    ];
}
