// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IClient} from "../interfaces/IClient.sol";
import {IPenalties} from "../interfaces/IPenalties.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";

/// @notice Rules, limits and warnings: {IPenalties}.
contract Penalties is IPenalties {
    uint256 private constant BASIS = 10_000;
    /// @dev So that a client cannot burn the gas that the slash needs.
    uint256 private constant CLIENT_GAS = 200_000;
    uint256 private constant PATIENCE = 30 days;

    IClaims private immutable CLAIMS;
    IStakeManager private immutable STAKE;
    IParameters private immutable PARAMETERS;

    /// @inheritdoc IPenalties
    mapping(bytes32 batchId => bool) public collected;

    constructor(IClaims claims, IStakeManager stake, IParameters parameters) {
        CLAIMS = claims;
        STAKE = stake;
        PARAMETERS = parameters;
    }

    /// @inheritdoc IPenalties
    function collect(bytes32 batchId, bytes calldata data) external {
        require(CLAIMS.state(batchId) == IClaims.State.Rejected, Penalties_NotRejected(batchId));
        require(!collected[batchId], Penalties_Collected(batchId));
        collected[batchId] = true;

        IClaims.Batch memory batch = CLAIMS.batch(batchId);
        (address challenger, , ) = CLAIMS.conviction(batchId);
        address injured = _injured(batchId, batch, data);
        (uint256 slash, uint256 bounty, uint256 compensation) = PARAMETERS.slashRules(batch.epoch);

        uint256 amount = (batch.lock * slash) / BASIS;
        bounty = _pays(challenger, batch.executor) ? (amount * bounty) / BASIS : 0;
        compensation = _pays(injured, batch.executor) ? (amount * compensation) / BASIS : 0;
        emit Collected(batchId, amount, bounty, compensation);
        STAKE.slash(batch.executor, batch.client, batch.lock, amount, challenger, bounty, injured, compensation);
    }

    /// @dev A broken client costs the compensation, never the slash; wrong data costs only its sender.
    function _injured(bytes32 batchId, IClaims.Batch memory batch, bytes calldata data) private view returns (address) {
        (bool ok, bytes memory answer) = batch.client.staticcall{gas: CLIENT_GAS}(
            abi.encodeCall(IClient.injured, (batchId, data))
        );
        if (ok && answer.length == 32 && uint256(bytes32(answer)) <= type(uint160).max) {
            return address(uint160(uint256(bytes32(answer))));
        }
        uint256 until = batch.time + PATIENCE;
        require(block.timestamp > until, Penalties_Injured(batchId, until));
        return address(0);
    }

    function _pays(address to, address executor) private pure returns (bool) {
        return to != executor && to != address(0);
    }
}
