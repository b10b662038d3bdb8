#!/usr/bin/env bash
# Makes the operator's role, and lets its pods on an EKS cluster have it by Pod Identity. It may be run again: what stands is brought up to date.
set -euo pipefail
cd "$(dirname "$0")"

cluster=${1:?usage: setup.sh CLUSTER SHARED_BUCKET [ROLE]}
shared_bucket=${2:?usage: setup.sh CLUSTER SHARED_BUCKET [ROLE]}
role=${3:-byok-operator}

identity=$(aws sts get-caller-identity --query Arn --output text) # arn:PARTITION:...
partition=$(cut -d: -f2 <<<"$identity")
account=$(aws sts get-caller-identity --query Account --output text)

# filled FILE: with the names of this account in it.
filled() { sed -e "s|\${partition}|$partition|g; s|\${account}|$account|g; s|\${shared_bucket}|$shared_bucket|g" "$1"; }

aws iam get-role --role-name "$role" >/dev/null 2>&1 ||
  aws iam create-role --role-name "$role" --assume-role-policy-document "$(filled trust.json)" >/dev/null
aws iam update-assume-role-policy --role-name "$role" --policy-document "$(filled trust.json)"
aws iam put-role-policy --role-name "$role" --policy-name byok-operator --policy-document "$(filled operator-policy.json)"

# The copy pods act as the operator's role too: it is the one that tenants' keys let in.
for account_name in byok-operator byok-copy; do
  standing=$(aws eks list-pod-identity-associations --cluster-name "$cluster" --namespace byok-system --service-account "$account_name" \
    --query 'associations[0].associationId' --output text)
  [ "$standing" != None ] ||
    aws eks create-pod-identity-association --cluster-name "$cluster" --namespace byok-system --service-account "$account_name" \
      --role-arn "arn:$partition:iam::$account:role/$role" >/dev/null
done

echo "arn:$partition:iam::$account:role/$role"
