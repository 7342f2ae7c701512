// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMielToken} from "./IMielToken.sol";

/// @title StakeManager
/// @notice One stake in MIEL for every role. An operator gives a part of it, a provision, to one client (which locks
/// it for work) and one slasher (which takes from what is locked); neither reaches anything else.
/// @dev Knows no contract but the token. Provisions and locks count in milli-MIEL (1e15 wei), so that one provision is
/// one slot. Its balance is always free and unbonding stake + provisions + pools + credits + what waits to
/// be burned.
/// Warning: granting a provision trusts its client to lock and to burn what it locked, and its slasher to slash what
/// the client locked. Grant only to contracts whose code says when.
interface IStakeManager {
    /// @notice Stake of an account outside provisions, in wei; `unbonding` can be withdrawn from `until` on.
    struct Account {
        uint96 free;
        uint96 unbonding;
        uint40 until;
    }

    /// @notice A provision, in milli-MIEL: `tokens` is the operator's own, of which `thawing` can go back to free stake
    /// from `until` on; `delegated` is what others back it with and does not thaw; `locked` backs work, counted by
    /// `held`, with own stake first.
    struct Provision {
        uint48 tokens;
        uint48 locked;
        uint48 thawing;
        uint40 until;
        uint32 held;
        uint40 delegated;
    }

    event Staked(address indexed account, uint256 amount);
    event Unbonding(address indexed account, uint256 amount, uint256 until);
    event Withdrawn(address indexed account, uint256 amount);
    event Provisioned(address indexed operator, address indexed client, address indexed slasher, uint256 amount);
    event Thawing(
        address indexed operator,
        address indexed client,
        address indexed slasher,
        uint256 amount,
        uint256 until
    );
    event Deprovisioned(address indexed operator, address indexed client, address indexed slasher, uint256 amount);
    /// @notice A client gave a lock back, part of it burned (a miss that is nobody's gain).
    event LockBurned(address indexed operator, address indexed client, address indexed slasher, uint256 amount);
    /// @notice A slasher took from a lock; what is neither bounty nor compensation, as paid, is burned. In wei.
    event Slashed(
        address indexed operator,
        address indexed client,
        address indexed slasher,
        uint256 amount,
        address bountyTo,
        uint256 bounty,
        address compensationTo,
        uint256 compensation
    );
    event CreditWithdrawn(address indexed account, uint256 amount);
    event Burned(uint256 amount);

    /// @notice Amounts of provisions are whole milli-MIEL and not zero.
    error StakeManager_Unit(uint256 amount);
    /// @notice There is not so much of it.
    error StakeManager_Insufficient(uint256 available, uint256 asked);
    /// @notice The provision is below the client's minimum; both in milli-MIEL, thawing stake not counted.
    error StakeManager_BelowMinimum(uint256 provision, uint256 minimum);
    /// @notice It thaws until then.
    error StakeManager_Thawing(uint256 until);
    /// @notice Nothing to move.
    error StakeManager_Nothing();
    /// @notice Bounty above a quarter, or bounty and compensation above a half of what is slashed.
    error StakeManager_Share(uint256 amount, uint256 bounty, uint256 compensation);
    /// @notice A slash or burn above the lock it is taken from.
    error StakeManager_AboveLock(uint256 lock, uint256 amount);

    /// @notice So much of this stake is a grant that has not unlocked, in wei.
    error StakeManager_Bound(uint256 bound);
    /// @notice Only the grants add to another's stake.
    error StakeManager_Grants(address caller, address grants);

    /// @notice Adds to the caller's free stake, in wei.
    function stake(uint256 amount) external;

    /// @notice Adds to another's free stake, in wei, from the caller's tokens. For the grants of the first providers
    /// and verifiers, which bind it.
    function stakeFor(address account, uint256 amount) external;

    /// @notice Begins to unbond free stake, in wei, as far as no grant binds it; starts the wait anew for what is
    /// unbonding already.
    function unbond(uint256 amount) external;

    /// @notice Pays out what has unbonded.
    function withdraw() external;

    /// @notice Grants free stake, in wei, to a client and a slasher.
    function provision(address client, address slasher, uint256 amount) external;

    /// @notice Begins to take back from a provision what is not locked, in wei: no new lock can use it, and it goes
    /// back to free stake after the thaw. Starts the wait anew for what thaws already.
    function thawProvision(address client, address slasher, uint256 amount) external;

    /// @notice Moves what has thawed back to free stake.
    function deprovision(address client, address slasher) external;

    /// @notice For the client of a provision: locks `amount` and `perHeld` for every lock held already, if the
    /// provision reaches `minimum`. What is delegated counts up to four times the operator's own; what thaws does not.
    /// All in milli-MIEL.
    /// @return locked what was locked, to be given back whole by {release} or {slash}
    function lock(
        address operator,
        address slasher,
        uint256 amount,
        uint256 perHeld,
        uint256 minimum
    ) external returns (uint256 locked);

    /// @notice For the client of a provision: gives a lock back, `burned` of it to be burned. In milli-MIEL.
    function release(address operator, address slasher, uint256 locked, uint256 burned) external;

    /// @notice For the slasher of a provision: ends a lock and takes `amount` of it, the operator's own stake first, its
    /// delegators' for the rest. In milli-MIEL. Bounty and compensation are stated for the whole amount, at most a
    /// quarter and together a half of it; the same shares of what the operator itself lost become credits. All the rest,
    /// and with it whatever delegators lost, is to be burned: convicting oneself costs half of one's own.
    function slash(
        address operator,
        address client,
        uint256 locked,
        uint256 amount,
        address bountyTo,
        uint256 bounty,
        address compensationTo,
        uint256 compensation
    ) external;

    /// @notice Pays the caller its credit.
    function withdrawCredit() external;

    /// @notice Burns what waits to be burned. For anyone.
    function burn() external;

    /// @notice Free and unbonding stake.
    function account(address owner) external view returns (Account memory);

    /// @notice A provision; all zero where there is none.
    function provisionOf(address operator, address client, address slasher) external view returns (Provision memory);

    /// @notice Who gets what a client pays an operator: itself, or what divides the fees of its pool
    /// ({IDelegation-openPool}).
    function payee(address operator, address client) external view returns (address);

    /// @notice MIEL that this account may withdraw, in wei, from bounties and compensations.
    function credit(address owner) external view returns (uint256);

    /// @notice MIEL that waits to be burned, in wei.
    function toBurn() external view returns (uint256);

    /// @notice Seconds that unbonding and thawing take, longer than any batch can stay open.
    function thaw() external view returns (uint40);

    /// @notice The token that is staked.
    function miel() external view returns (IMielToken);
}
