// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StakeVotes
/// @notice Voting power of MIEL that is staked or delegated to an operator, at a past time. Each token counts once: what
/// the staking contract holds has no votes as a balance.
interface IStakeVotes {
    /// @notice Voting power of an account at a past second, in wei of MIEL.
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);
}
