// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IEmissionReserve} from "../interfaces/IEmissionReserve.sol";
import {IEssaimGovernor} from "../interfaces/IEssaimGovernor.sol";
import {IStakeVotes} from "../interfaces/IStakeVotes.sol";

/// @notice Rules, limits and warnings: {IEssaimGovernor}.
contract EssaimGovernor is
    IEssaimGovernor,
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl,
    GovernorPreventLateQuorum
{
    using Math for uint256;

    uint48 private constant VOTING_DELAY = 1 days;
    uint32 private constant VOTING_PERIOD = 5 days;
    uint48 private constant LATE_QUORUM = 2 days;
    uint256 private constant THRESHOLD = 100_000e18;
    uint256 private constant QUORUM_PERCENT = 4;

    IStakeVotes private immutable STAKE;
    IEmissionReserve private immutable RESERVE;
    /// @dev More than the reserve will ever hold.
    uint256 private immutable RESERVED;

    constructor(
        IVotes miel,
        IStakeVotes stake,
        IEmissionReserve reserve,
        TimelockController timelock_
    )
        Governor("Essaim")
        GovernorSettings(VOTING_DELAY, VOTING_PERIOD, THRESHOLD)
        GovernorVotes(miel)
        GovernorVotesQuorumFraction(QUORUM_PERCENT)
        GovernorTimelockControl(timelock_)
        GovernorPreventLateQuorum(LATE_QUORUM)
    {
        STAKE = stake;
        RESERVE = reserve;
        RESERVED = reserve.remaining();
    }

    /// @notice Votes that a proposal needs: a fraction of the MIEL that existed outside the emission reserve.
    function quorum(uint256 timepoint) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        uint256 supply = token().getPastTotalSupply(timepoint);
        return _fraction(supply - RESERVE.pastRemaining(timepoint), timepoint);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @dev Short of the quorum with the reserve full is short of the quorum: most votes need not ask the reserve.
    function _quorumReached(
        uint256 proposalId
    ) internal view override(Governor, GovernorCountingSimple) returns (bool) {
        (, uint256 forVotes, uint256 abstainVotes) = proposalVotes(proposalId);
        uint256 votes = forVotes + abstainVotes;
        uint256 timepoint = proposalSnapshot(proposalId);
        uint256 supply = token().getPastTotalSupply(timepoint);
        if (votes < _fraction(supply.saturatingSub(RESERVED), timepoint)) return false;
        return votes >= _fraction(supply - RESERVE.pastRemaining(timepoint), timepoint);
    }

    function _fraction(uint256 supply, uint256 timepoint) private view returns (uint256) {
        return (supply * quorumNumerator(timepoint)) / quorumDenominator();
    }

    /// @dev Liquid and staked voting power.
    function _getVotes(
        address account,
        uint256 timepoint,
        bytes memory params
    ) internal view override(Governor, GovernorVotes) returns (uint256) {
        return super._getVotes(account, timepoint, params) + STAKE.getPastVotes(account, timepoint);
    }

    function _setVotingDelay(uint48 value) internal override {
        _requireBounds("votingDelay", value, 1 hours, 7 days);
        super._setVotingDelay(value);
    }

    function _setVotingPeriod(uint32 value) internal override {
        _requireBounds("votingPeriod", value, 3 days, 14 days);
        super._setVotingPeriod(value);
    }

    function _setProposalThreshold(uint256 value) internal override {
        _requireBounds("proposalThreshold", value, 1_000e18, 1_000_000e18);
        super._setProposalThreshold(value);
    }

    function _updateQuorumNumerator(uint256 value) internal override {
        _requireBounds("quorumNumerator", value, 2, 20);
        super._updateQuorumNumerator(value);
    }

    function _setLateQuorumVoteExtension(uint48 value) internal override {
        _requireBounds("lateQuorumVoteExtension", value, 1 days, 3 days);
        super._setLateQuorumVoteExtension(value);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _requireBounds(bytes32 setting, uint256 value, uint256 least, uint256 most) private pure {
        require(value >= least && value <= most, EssaimGovernor_Bounds(setting, value, least, most));
    }
}
