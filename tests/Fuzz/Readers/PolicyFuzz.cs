using System.Text;
using System.Text.Json.Nodes;
using Cloud;
using Cloud.Aws;
using Cloud.Aws.Stores;
using Cloud.Azure.Calling;
using Cloud.Azure.Stores;
using Fuzz.Nonsense;
using Shouldly;
using Xunit;

namespace Fuzz.Readers;

/// <summary>Documents of clouds that closing reads: read as something fit to write back,
/// or refused in the clouds' own words.</summary>
public sealed class PolicyFuzz
{
    private const string Valid = """
        {"Version":"2012-10-17","Id":"x","Statement":[
          {"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:role/a","AROAEXAMPLE"]},"Action":["s3:GetObject","s3:List*"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"true"}}},
          {"Effect":"Deny","Principal":"*","NotAction":"s3:GetObject","Resource":"*"}]}
        """;

    private const string Shut =
        """{"properties":{"publicNetworkAccess":"Disabled","networkAcls":{"defaultAction":"Deny","bypass":"None"},"allowSharedKeyAccess":false}}""";

    private static readonly JsonObject closed =
        StoreStatements.Closed(AwsPartition.Commercial, "b", ["arn:aws:iam::111111111111:role/byok-operator"]);

    [Fact]
    public void A_policy_is_read_and_written_back_with_the_denial_in_it_or_can_not_be_read()
    {
        var (read, refused) = (0, 0);
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            var text = new Mutation(new Random(seed)).Of(Valid);
            BucketPolicy? policy = null;
            try
            {
                policy = BucketPolicy.Parse(text);
                var denied = BucketPolicy.Parse(policy.With(closed).ToText());
                denied.Holds(closed).ShouldBeTrue();
                read++;
            }
            catch (CloudException unreadable)
            {
                unreadable.Problem.Code.ShouldBe("PolicyUnreadable");
                refused++;
            }

            if (PolicyAside.Of(policy, text, earlier: null) is { } aside)
            {
                foreach (var statement in PolicyAside.Parse(aside).Statements)
                {
                    PolicyAside.NameOf(statement).Length.ShouldBeLessThan(300);
                    PolicyAside.Order(statement);
                }

                PolicyAside.Of(policy, text, aside);
            }
        });
        (read > 0 && refused > 0).ShouldBeTrue();
    }

    [Fact]
    public void A_refusal_is_one_of_the_known_problems_whatever_its_body_says()
    {
        string[] bodies =
        [
            """{"error":{"code":"Forbidden","message":"Caller is not authorized","innererror":{"code":"ForbiddenByRbac"}}}""",
            """{"error":{"code":"AuthorizationFailure","message":"no"}}""",
        ];
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            var random = new Random(seed);
            var (code, message) =
                AzureRefusal.Parse(new Mutation(random).Of(Encoding.UTF8.GetBytes(bodies[random.Next(bodies.Length)])));
            Cloud.Azure.AzureProblems.From(random.Next(100, 600), code, message);
            AwsProblems.From(code, message, (System.Net.HttpStatusCode)random.Next(100, 600));
        });
    }

    [Fact]
    public void What_an_accounts_tag_says_of_its_closing_is_never_more_than_how_it_stood()
    {
        var valid = new ClosingMark("Enabled", "Allow", "None", DateTimeOffset.UnixEpoch).ToString();
        Inputs.Each(Inputs.OfReaders, seed =>
        {
            var random = new Random(seed);
            var text = random.Next(4) switch
            {
                0 => "Enabled|Allow|None|9999-12-31T23:59:59Z",
                1 => "Enabled|Allow|None|0001-01-01T00:00:00Z",
                _ => new Mutation(random).Of(valid),
            };
            var account = JsonNode.Parse(Shut)!.AsObject();
            account["tags"] = new JsonObject { [ClosingMark.Tag] = text };
            var facts = new AccountFacts(account, BlobService: [], Container: null, RoleStanding.Missing);
            _ = facts.IsDenied;
            facts.SettlesAt(new Cloud.Azure.AzureOptions());
            ClosingMark.Read(text)?.ToString();
        });
    }
}
