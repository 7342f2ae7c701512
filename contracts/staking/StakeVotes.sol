// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStakeVotes} from "../interfaces/IStakeVotes.sol";
import {Recent} from "./lib/Recent.sol";

/// @notice Votes of own stake. Rules, limits and warnings: {IStakeVotes}.
abstract contract StakeVotes is IStakeVotes, EIP712, Nonces {
    using Recent for Recent.Trace;
    using SafeCast for uint256;

    bytes32 private constant DELEGATION = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
    /// @dev Above the votes: the account has backed a pool, so its pools must be asked too.
    uint208 private constant BACKS = 1 << 96;

    struct Voter {
        // slot 0
        /// @dev Zero: itself.
        address delegatee;
        /// @dev All own stake, in wei.
        uint96 staked;
    }

    mapping(address account => Voter) private _voters;
    /// @dev votes 0 ‖ BACKS 96
    mapping(address account => Recent.Trace) private _power;

    constructor() EIP712("StakeManager", "1") {}

    /// @inheritdoc IStakeVotes
    function delegate(address delegatee) external {
        _delegate(msg.sender, delegatee);
    }

    /// @inheritdoc IStakeVotes
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        require(block.timestamp <= expiry, StakeVotes_Expired(expiry));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(DELEGATION, delegatee, nonce, expiry)));
        address signer = ECDSA.recover(digest, v, r, s);
        _useCheckedNonce(signer, nonce);
        _delegate(signer, delegatee);
    }

    /// @inheritdoc IStakeVotes
    function delegates(address account) public view returns (address) {
        address delegatee = _voters[account].delegatee;
        return delegatee == address(0) ? account : delegatee;
    }

    /// @inheritdoc IStakeVotes
    function getVotes(address account) external view returns (uint256) {
        return _votesAt(account, block.timestamp);
    }

    /// @inheritdoc IStakeVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        require(timepoint < block.timestamp, StakeVotes_Future(timepoint, block.timestamp));
        return _votesAt(account, timepoint);
    }

    /// @inheritdoc IStakeVotes
    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IStakeVotes
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev What an account's shares of pools were worth, in wei.
    function _pooledAt(address account, uint256 time) internal view virtual returns (uint256);

    /// @dev All own stake of an account, unbonding and provisioned too, in wei.
    function _staked(address account) internal view returns (uint256) {
        return _voters[account].staked;
    }

    function _addVotes(address account, uint256 amount) internal {
        Voter storage voter = _voters[account];
        voter.staked = (voter.staked + amount).toUint96();
        _setVotes(delegates(account), amount, 0);
    }

    function _removeVotes(address account, uint256 amount) internal {
        _voters[account].staked -= uint96(amount);
        _setVotes(delegates(account), 0, amount);
    }

    function _setBacks(address account) internal {
        Recent.Trace storage power = _power[account];
        uint208 value = power.latest();
        if (value & BACKS == 0) power.push(value | BACKS);
    }

    function _votesAt(address account, uint256 time) private view returns (uint256) {
        uint208 value = _power[account].valueAt(time);
        return value & BACKS == 0 ? value : (value ^ BACKS) + _pooledAt(account, time);
    }

    function _delegate(address account, address delegatee) private {
        address from = delegates(account);
        _voters[account].delegatee = delegatee;
        address to = delegates(account);
        emit DelegateChanged(account, from, to);
        uint256 amount = _voters[account].staked;
        if (from == to || amount == 0) return;
        _setVotes(from, 0, amount);
        _setVotes(to, amount, 0);
    }

    function _setVotes(address account, uint256 added, uint256 removed) private {
        Recent.Trace storage power = _power[account];
        uint208 before = power.latest();
        uint208 value = before + uint208(added) - uint208(removed);
        power.push(value);
        emit DelegateVotesChanged(account, uint96(before), uint96(value));
    }
}
