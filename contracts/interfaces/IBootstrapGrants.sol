// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BootstrapGrants
/// @notice MIEL for the first providers and verifiers, so that somebody has a stake on day one. The timelock offers a
/// grant; its grantee takes it as stake of its own, at once, or not at all. Taken, it may be provisioned, locked and
/// slashed like any stake, and votes like it; it unlocks evenly over two years, and only what is unlocked can be unbonded.
/// @dev StakeManager asks {bound} before it unbonds. A slash is final: nothing is granted twice, and what is still bound
/// holds back other stake of the grantee until it has unlocked.
/// Warning: who convicts itself gets up to 45 % of the slash back as bounty and compensation, as with any stake, so a
/// grantee can turn a grant into less than half of it. Offers are therefore small, one to each, and votes decide on them.
interface IBootstrapGrants {
    /// @notice One grant: offered until `until`, or taken at `since`. In wei and seconds.
    struct Grant {
        // slot 0
        uint96 amount;
        uint40 until;
        uint40 since;
    }

    /// @notice The timelock offered a grant.
    event Offered(address indexed grantee, uint256 amount, uint256 until);
    /// @notice The grantee staked its grant.
    event Taken(address indexed grantee, uint256 amount);
    /// @notice What was not used went to the treasury.
    event Returned(address indexed grantee, uint256 amount);

    /// @notice Only `allowed` may do this.
    error BootstrapGrants_Caller(address caller, address allowed);
    /// @notice A grant is between one milli-MIEL and this, in wei.
    error BootstrapGrants_Amount(uint256 amount, uint256 most);
    /// @notice This account had its grant.
    error BootstrapGrants_Had(address grantee);
    /// @notice So much is left to offer, in wei.
    error BootstrapGrants_Insufficient(uint256 available, uint256 asked);
    /// @notice There is no open offer to this account.
    error BootstrapGrants_NoOffer(address grantee);
    /// @notice That is possible from then on.
    error BootstrapGrants_TooSoon(uint256 from);

    /// @notice Offers an account a grant for ninety days, in wei. For the timelock, once per account.
    function offer(address grantee, uint256 amount) external;

    /// @notice Stakes the caller's grant as the caller's own.
    function take() external;

    /// @notice Returns an offer that nobody took to the treasury, after its ninety days. For anyone.
    function lapse(address grantee) external;

    /// @notice Returns what was never offered to the treasury, four years after deployment. For anyone.
    function close() external;

    /// @notice What of an account's stake has not unlocked yet, in wei.
    function bound(address account) external view returns (uint256);

    /// @notice What is left to offer, in wei.
    function available() external view returns (uint256);

    /// @notice From when on what was never offered returns to the treasury, in seconds.
    function closes() external view returns (uint256);

    /// @notice The grant of an account.
    function grantOf(address account) external view returns (Grant memory);

    /// @notice Most that one account is granted, in wei: half of what a proposal needs at first.
    function most() external view returns (uint256);
}
