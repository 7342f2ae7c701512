// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StakeVotes
/// @notice Voting power of MIEL that is staked or delegated to an operator, at a past second. Own stake (free,
/// unbonding and provisioned) votes for its owner until that names another; what backs an operator's pool votes for the
/// delegator, at the pool's rate in that second, so that one slash lowers the votes of all its delegators.
/// @dev Each token counts once: what the staking contract holds has no votes as a balance. Clock and signatures as in
/// ERC-5805 and ERC-6372, seconds.
interface IStakeVotes {
    /// @notice As in ERC-5805.
    event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate);
    /// @notice As in ERC-5805; what pools add is not in it.
    event DelegateVotesChanged(address indexed delegate, uint256 previousVotes, uint256 newVotes);

    /// @notice Votes are known once their second has passed.
    error StakeVotes_Future(uint256 timepoint, uint256 time);
    /// @notice The signature was valid until then.
    error StakeVotes_Expired(uint256 expiry);

    /// @notice Lets another vote with the caller's own stake; the zero address or one's own takes it back.
    function delegate(address delegatee) external;

    /// @notice {delegate} by signature of `Delegation(address delegatee,uint256 nonce,uint256 expiry)`.
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Who votes with an account's own stake.
    function delegates(address account) external view returns (address);

    /// @notice Voting power of an account now, in wei of MIEL.
    function getVotes(address account) external view returns (uint256);

    /// @notice Voting power of an account at the end of a past second, in wei of MIEL.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);

    /// @notice Seconds, as ERC-6372 has it.
    function clock() external view returns (uint48);

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external view returns (string memory);
}
